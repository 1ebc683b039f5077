/// Keeps an open page up to date. Without it every page is whole and works; it only has to be loaded anew.
enum Script {
    static let text = #"""
        "use strict";
        (() => {
          const main = document.querySelector("main[data-live]");
          const banner = document.getElementById("connection");
          const freshness = document.getElementById("freshness");
          const announce = document.getElementById("announce");
          const confirmTitle = document.getElementById("preview-title");
          if (confirmTitle) confirmTitle.focus();
          if (!main || !window.EventSource) return;

          let source = null;
          let heardAt = Date.now();
          let pause = 1000;
          let retry = 0;

          // Makes `old` equal to `fresh` and touches only what differs: focus, selection and open details survive.
          function morph(old, fresh) {
            if (old.nodeType !== fresh.nodeType || old.nodeName !== fresh.nodeName ||
                (old.nodeType === 1 && old.getAttribute("data-key") !== fresh.getAttribute("data-key"))) {
              old.replaceWith(fresh);
              return;
            }
            if (old.nodeType !== 1) {
              if (old.nodeValue !== fresh.nodeValue) old.nodeValue = fresh.nodeValue;
              return;
            }
            for (const attribute of [...old.attributes]) {
              const isOurs = old.nodeName === "DETAILS" && attribute.name === "open";
              if (!isOurs && !fresh.hasAttribute(attribute.name)) old.removeAttribute(attribute.name);
            }
            for (const attribute of fresh.attributes) {
              const { name, value } = attribute;
              if (old.getAttribute(name) !== value) old.setAttribute(name, value);
            }
            morphChildren(old, fresh);
          }

          function morphChildren(old, fresh) {
            // What is new in a list with keys is put in its place, so that the rest need not change.
            const wanted = [...fresh.childNodes];
            const keyed = new Map();
            for (const child of old.children) {
              if (child.dataset.key) keyed.set(child.dataset.key, child);
            }
            let here = old.firstChild;
            for (const next of wanted) {
              const key = next.nodeType === 1 && next.dataset.key;
              if (key && keyed.has(key)) {
                const found = keyed.get(key);
                if (found !== here) old.insertBefore(found, here);
                else here = here.nextSibling;
                morph(found, next);
              } else if (here && !key && !(here.nodeType === 1 && here.dataset.key)) {
                const after = here.nextSibling;
                morph(here, next);
                here = after;
              } else {
                old.insertBefore(next, here);
              }
            }
            while (here) {
              const after = here.nextSibling;
              here.remove();
              here = after;
            }
          }

          function show(message) {
            for (const [id, html] of Object.entries(message.parts || {})) {
              const part = document.getElementById(id);
              if (!part) continue;
              const template = document.createElement("template");
              template.innerHTML = html;
              const focused = document.activeElement && part.contains(document.activeElement)
                ? document.activeElement.id : "";
              morphChildren(part, template.content);
              if (focused && document.activeElement === document.body) {
                const again = document.getElementById(focused);
                if (again) again.focus();
              }
            }
            if (message.say) announce.textContent = message.say;
          }

          function tell(text) {
            if (banner.hidden !== !text) banner.hidden = !text;
            if (banner.textContent !== text) banner.textContent = text;
          }

          function open() {
            if (source || document.hidden) return;
            clearTimeout(retry);
            source = new EventSource(main.dataset.live);
            source.onmessage = (event) => {
              heardAt = Date.now();
              pause = 1000;
              show(JSON.parse(event.data));
              look();
            };
            source.addEventListener("ended", () => {
              close();
              heardAt = 0;
              tell("You are signed out: reload the page to sign in again.");
            });
            source.onerror = () => {
              if (source && source.readyState === EventSource.CLOSED) again();
            };
          }

          function close() {
            if (source) source.close();
            source = null;
          }

          function again() {
            close();
            clearTimeout(retry);
            retry = setTimeout(open, pause);
            pause = Math.min(pause * 2, 10000);
          }

          // The banner comes after 4 s of silence, and counts in steps that a screen reader can bear.
          function look() {
            if (heardAt === 0 || document.hidden) return;
            const age = Math.round((Date.now() - heardAt) / 1000);
            if (age < 4) {
              tell("");
              freshness.textContent = "Live.";
              freshness.dataset.state = "live";
              return;
            }
            const told = age < 10 ? age : age - age % 10;
            tell("Connection lost: what you see is " + told + " s old. Trying again.");
            freshness.textContent = "Connection lost.";
            freshness.dataset.state = "lost";
            if (source && age > 15 && age % 15 === 0) again();
          }

          document.addEventListener("visibilitychange", () => {
            if (document.hidden) {
              close();
            } else {
              heardAt = heardAt && Date.now();
              if (heardAt) open();
            }
          });
          window.addEventListener("pagehide", close);
          window.addEventListener("pageshow", () => { if (heardAt) open(); });
          setInterval(look, 1000);
          open();
        })();

        """#
}
