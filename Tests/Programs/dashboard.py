"""Uses the dashboard as people do, in headless Chromium: signs in, sets a weight of 1 %, watches the share move, drains
and undrains, with the keyboard alone, on a phone, in the dark and in the light. Keeps pictures of what it saw.

    dashboard.py --url http://localhost:9443 --token ptl_… --cell use-a --out FOLDER [--viewer ptl_…]

Nothing is fetched: the driver's path is given, and the browser's own traffic is off. Exit status 0: all of it held."""
import argparse
import http.client
import pathlib
import re
import sys
import time
import urllib.parse

from selenium import webdriver
from selenium.common.exceptions import StaleElementReferenceException
from selenium.webdriver.common.by import By
from selenium.webdriver.common.keys import Keys
from selenium.webdriver.chrome.service import Service

QUIET = [
    "--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-default-apps", "--no-first-run", "--disable-extensions",
    "--no-default-browser-check", "--disable-domain-reliability", "--metrics-recording-only", "--no-proxy-server",
    "--disable-features=OptimizationHints,MediaRouter,Translate,AutofillServerCommunication,PasswordManager",
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost, EXCLUDE 127.0.0.1",
]
DESK = (1440, 900, False)
PHONE = (360, 780, True)

# What can be told of a page by looking at its elements; returns a list of complaints.
ACCESSIBLE = r"""
const wrong = [];
const seen = (e) => e.getClientRects().length > 0 && getComputedStyle(e).visibility !== "hidden";
if (!document.documentElement.lang) wrong.push("no lang");
if (!document.title.trim()) wrong.push("no title");
for (const [what, selector, count] of [["main", "main", 1], ["h1", "h1", 1], ["banner", "body > header", 1]])
  if (document.querySelectorAll(selector).length !== count) wrong.push(`not ${count} ${what}`);
let level = 0;
for (const h of document.querySelectorAll("h1,h2,h3,h4,h5,h6")) {
  const now = Number(h.nodeName[1]);
  if (now > level + 1 && !(level === 0 && now === 2)) wrong.push(`h${now} after h${level}: ${h.textContent}`);
  if (!h.textContent.trim()) wrong.push(`an empty h${now}`);
  level = now;
}
for (const e of document.querySelectorAll("input:not([type=hidden]),select,textarea")) {
  const label = [...e.labels].map((l) => l.textContent.trim()).join(" ");
  if (!label) wrong.push(`no label: ${e.outerHTML}`);
  for (const id of (e.getAttribute("aria-describedby") || "").split(" ").filter(Boolean))
    if (!document.getElementById(id)) wrong.push(`described by nothing: ${id}`);
}
for (const e of document.querySelectorAll("a[href],button,summary"))
  if (!e.textContent.trim() && !e.getAttribute("aria-label")) wrong.push(`no words: ${e.outerHTML}`);
for (const e of document.querySelectorAll("svg"))
  if (e.getAttribute("aria-hidden") !== "true" && !(e.getAttribute("role") === "img" && e.getAttribute("aria-label")))
    wrong.push(`a picture without words: ${e.outerHTML.slice(0, 80)}`);
for (const e of document.querySelectorAll("[aria-labelledby]"))
  if (!document.getElementById(e.getAttribute("aria-labelledby"))) wrong.push(`labelled by nothing: ${e.outerHTML.slice(0, 80)}`);
for (const e of document.querySelectorAll("nav")) if (!e.getAttribute("aria-label")) wrong.push("a nav without a name");
const ids = [...document.querySelectorAll("[id]")].map((e) => e.id);
for (const id of ids) if (ids.indexOf(id) !== ids.lastIndexOf(id)) wrong.push(`twice: ${id}`);
if (document.documentElement.scrollWidth > innerWidth) {
  const wide = [...document.querySelectorAll("body *")].filter((e) => seen(e) && e.getBoundingClientRect().right > innerWidth + 1);
  wrong.push(`wider than the window by ${document.documentElement.scrollWidth - innerWidth}: ` +
    wide.slice(0, 3).map((e) => e.outerHTML.slice(0, 90)).join(" | "));
}
const parse = (text) => { const n = text.match(/[\d.]+/g).map(Number); return n.length > 3 ? n : [...n.slice(0, 3), 1]; };
const over = (top, under) => top.slice(0, 3).map((c, i) => c * top[3] + under[i] * (1 - top[3]));
const light = (c) => { const [r, g, b] = c.map((v) => (v /= 255) <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4);
  return 0.2126 * r + 0.7152 * g + 0.0722 * b; };
const ground = (e) => { const layers = []; for (; e; e = e.parentElement) layers.push(parse(getComputedStyle(e).backgroundColor));
  return layers.reverse().reduce((under, top) => over(top, under), [255, 255, 255]); };
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
let texts = 0, least = 99;
while (walker.nextNode()) {
  const e = walker.currentNode.parentElement;
  if (!walker.currentNode.textContent.trim() || !seen(e) || e.closest(".unseen,.skip,script,style,option")) continue;
  const style = getComputedStyle(e), under = ground(e);
  const ink = over(parse(e.closest("svg") ? style.fill : style.color), under);
  const [a, b] = [light(ink), light(under)].sort((x, y) => y - x);
  const ratio = (a + 0.05) / (b + 0.05);
  texts += 1; least = Math.min(least, ratio);
  if (ratio < 4.5) wrong.push(`contrast ${ratio.toFixed(2)}: “${walker.currentNode.textContent.trim().slice(0, 40)}”`);
}
if (matchMedia("(max-width: 620px)").matches)
  for (const e of document.querySelectorAll("button,.button,nav a,summary")) {
    const box = e.getBoundingClientRect();
    if (seen(e) && (box.height < 24 || box.width < 24)) wrong.push(`too small to touch: ${e.outerHTML.slice(0, 80)}`);
  }
return {wrong: [...new Set(wrong)], texts, least};
"""


class Failure(Exception):
    pass


def expect(holds, what):
    if not holds:
        raise Failure(what)


class Person:
    """Somebody before a browser."""

    def __init__(self, options):
        self.url, self.cell, self.out = options.url.rstrip("/"), options.cell, pathlib.Path(options.out)
        self.out.mkdir(parents=True, exist_ok=True)
        settings = webdriver.ChromeOptions()
        settings.binary_location = options.chromium
        for flag in QUIET:
            settings.add_argument(flag)
        if options.insecure:
            settings.add_argument("--ignore-certificate-errors")
        settings.set_capability("goog:loggingPrefs", {"browser": "ALL"})
        self.browser = webdriver.Chrome(options=settings, service=Service(options.driver))
        self.browser.set_page_load_timeout(30)
        self.worst = 99.0
        self.texts = 0
        self.look(DESK, "dark")

    # Seeing

    def look(self, size, scheme):
        width, height, is_phone = size
        self.browser.execute_cdp_cmd("Emulation.setDeviceMetricsOverride", {
            "width": width, "height": height, "deviceScaleFactor": 2 if is_phone else 1, "mobile": is_phone})
        self.browser.execute_cdp_cmd("Emulation.setEmulatedMedia", {"features": [
            {"name": "prefers-color-scheme", "value": scheme}, {"name": "prefers-reduced-motion", "value": "reduce"}]})

    def open(self, path):
        self.browser.get(self.url + path)

    def text(self, selector):
        found = self.browser.find_elements(By.CSS_SELECTOR, selector)
        return found[0].text if found else ""

    def wait(self, what, condition, seconds=15):
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            try:
                value = condition()
                if value:
                    return value
            except Exception as error:  # an element that was just replaced
                if type(error).__name__ not in ("StaleElementReferenceException", "JavascriptException"):
                    raise
            time.sleep(0.05)
        raise Failure(f"waited {seconds} s in vain for {what}; at {self.browser.current_url}: {self.text('main')[:600]}")

    def share(self):
        """Of the cell, percent, as the page says it."""
        text = self.browser.execute_script(
            "const e = document.querySelector(`[data-share='${arguments[0]}']`); return e ? e.textContent : ''", self.cell)
        found = re.match(r"([\d.]+) %", text.strip())
        return float(found.group(1)) if found else None

    def check(self, where):
        said = self.browser.execute_script(ACCESSIBLE)
        expect(not said["wrong"], f"{where}: " + "; ".join(said["wrong"][:12]))
        expect(said["texts"] >= 3, f"{where}: hardly a word on it")
        self.worst, self.texts = min(self.worst, said["least"]), self.texts + said["texts"]

    def picture(self, name, whole=True):
        if whole:
            size = self.browser.execute_cdp_cmd("Page.getLayoutMetrics", {})["cssContentSize"]
            clip = {"x": 0, "y": 0, "width": size["width"], "height": min(size["height"], 4000), "scale": 1}
            shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", {"clip": clip, "captureBeyondViewport": True})
        else:
            shot = self.browser.execute_cdp_cmd("Page.captureScreenshot", {})
        import base64
        (self.out / f"{name}.png").write_bytes(base64.b64decode(shot["data"]))

    def everywhere(self, name, path=None):
        """The page in both sizes and both schemes: each is looked at, checked and kept."""
        for size, place in ((DESK, "desk"), (PHONE, "phone")):
            for scheme in ("dark", "light"):
                self.look(size, scheme)
                if path is not None:
                    self.open(path)
                self.check(f"{name}, {place}, {scheme}")
                self.picture(f"{name}-{place}-{scheme}")
        self.look(DESK, "dark")

    # Doing, by keyboard alone

    def press(self, *keys):
        webdriver.ActionChains(self.browser).send_keys(*keys).perform()

    def focused(self):
        return self.browser.switch_to.active_element

    def tab_to(self, selector, limit=120):
        """Presses Tab until the element has the focus, and holds that each stop on the way shows it."""
        for _ in range(limit):
            self.press(Keys.TAB)
            facts = self.browser.execute_script(
                "const e = document.activeElement, s = getComputedStyle(e);"
                "return [e.matches(arguments[0]), e === document.body, s.outlineStyle, parseFloat(s.outlineWidth),"
                " e.outerHTML.slice(0, 100)]", selector)
            if facts[1]:
                continue
            expect(facts[2] != "none" and facts[3] >= 2, f"the focus cannot be seen on {facts[4]}")
            if facts[0]:
                return
        raise Failure(f"Tab does not lead to {selector} at {self.browser.current_url}")

    def sign_in(self, token):
        self.wait("the sign-in form", lambda: self.browser.find_elements(By.CSS_SELECTOR, "#token"))
        field = self.browser.find_element(By.CSS_SELECTOR, "#token")
        field.click()
        self.press(token, Keys.ENTER)
        # The page before may have said the same: first it must be gone.
        self.wait("another page", lambda: is_gone(field))
        self.wait("an answer to the sign-in", lambda: self.browser.find_elements(By.CSS_SELECTOR, ".who, #wrong"))

    def sign_out(self):
        self.browser.find_element(By.CSS_SELECTOR, ".who button").click()
        self.wait("the sign-in form", lambda: self.browser.find_elements(By.CSS_SELECTOR, "#token"))

    def post(self, path, fields):
        """What a colleague does meanwhile: the same sign-in, without touching the page."""
        place = urllib.parse.urlsplit(self.url)
        cookies = "; ".join(f"{c['name']}={c['value']}" for c in self.browser.get_cookies())
        token = self.browser.find_element(By.NAME, "form_token").get_attribute("value")
        if place.scheme == "https":
            import ssl
            connection = http.client.HTTPSConnection(place.netloc, context=ssl._create_unverified_context(), timeout=10)
        else:
            connection = http.client.HTTPConnection(place.netloc, timeout=10)
        connection.request("POST", path, urllib.parse.urlencode({**fields, "form_token": token}), {
            "content-type": "application/x-www-form-urlencoded", "cookie": cookies})
        answer = connection.getresponse()
        answer.read()
        expect(answer.status == 303, f"POST {path} was answered with {answer.status}")


def is_gone(element):
    try:
        element.is_enabled()
        return False
    except StaleElementReferenceException:
        return True


def strangers(person, token):
    person.open("/ui/drains")
    expect("/login" in person.browser.current_url, "a stranger was let in")
    person.everywhere("sign-in")
    person.sign_in("ptl_wrong")
    expect("unknown" in person.text("#wrong"), "a wrong token was not refused in words")
    person.check("refused sign-in")
    person.sign_in(token)
    expect(person.browser.current_url.endswith("/ui/drains"), "the sign-in does not lead back")


def weight(person):
    """By keyboard alone, from the overview to the cell and its form."""
    before = person.share_on("/")
    person.tab_to(f"h4 a[href='/ui/cells/{person.cell}']")
    person.press(Keys.ENTER)
    person.wait("the cell's page", lambda: f"/ui/cells/{person.cell}" in person.browser.current_url)
    person.everywhere("cell", f"/ui/cells/{person.cell}")
    person.open(f"/ui/cells/{person.cell}")
    person.tab_to("#weight-percent")
    person.press(Keys.CONTROL, "a", Keys.NULL, "1")
    person.tab_to("#weight-reason")
    person.press("one percent first", Keys.ENTER)
    person.wait("the share to move to 1 %", lambda: person.share() == 1)
    expect("The weight of" in person.text(".notice.good"), "no word about the change")
    person.picture("weight-1-percent")
    return before


def live(person):
    """The page follows what others do, and leaves alone what is being typed."""
    person.open(f"/ui/cells/{person.cell}")
    person.wait("the live stream", lambda: "Live" in person.text("#freshness"))
    field = person.browser.find_element(By.CSS_SELECTOR, "#drain-reason")
    field.click()
    person.press("half a sent")
    person.post(f"/ui/cells/{person.cell}/weight", {"percent": "2", "reason": "a colleague", "intent": "set"})
    start = time.monotonic()
    person.wait("the share to follow a colleague", lambda: person.share() == 2)
    took = time.monotonic() - start
    expect(person.focused().get_attribute("id") == "drain-reason", "the focus was lost")
    person.press("ence")
    expect(field.get_attribute("value") == "half a sentence", "what was typed was lost")
    print(f"a colleague's change was on the page after {took:.2f} s")


def drain(person):
    person.open(f"/ui/cells/{person.cell}")
    person.browser.find_element(By.CSS_SELECTOR, "#mode-now").click()
    person.browser.find_element(By.CSS_SELECTOR, "#drain-reason").send_keys("deploy 4711")
    person.browser.find_element(By.CSS_SELECTOR, "#drain-dry-run").click()
    person.wait("the dry run", lambda: "What would happen" in person.text(".confirm"))
    expect(person.share() == 2, "a dry run changed something")
    person.everywhere("dry-run")
    for box in person.browser.find_elements(By.CSS_SELECTOR, "#force"):
        box.click()
    start = time.monotonic()
    person.browser.find_element(By.CSS_SELECTOR, "#confirm").click()
    person.wait("the share to fall to 0 %", lambda: person.share() == 0)
    print(f"a drain's share was 0 % on the page after {time.monotonic() - start:.2f} s")
    person.open("/ui/drains")
    person.wait("the drain", lambda: "deploy 4711" in person.text("#drains-open"))
    person.everywhere("drains", "/ui/drains")
    person.everywhere("overview-drain", "/")
    person.open("/ui/drains")
    person.tab_to("#drains-open button[id^='undo-']")
    person.press(Keys.ENTER)
    person.wait("the undo", lambda: "being undone" in person.text(".notice.good"))
    person.open(f"/ui/cells/{person.cell}")
    person.wait("the share to come back", lambda: (person.share() or 0) > 0, 40)
    person.picture("undrained")
    person.browser.find_element(By.CSS_SELECTOR, "#weight-reset").click()
    person.wait("the configured weight", lambda: "back to its configured" in person.text(".notice.good"))


def connection(person):
    person.open("/")
    person.wait("the live stream", lambda: "Live" in person.text("#freshness"))
    person.browser.execute_cdp_cmd("Network.enable", {})
    shut = {"offline": True, "latency": 0, "downloadThroughput": 0, "uploadThroughput": 0}
    person.browser.execute_cdp_cmd("Network.emulateNetworkConditions", shut)
    # What is open already is not cut by this: the page is made to open it anew.
    person.browser.execute_script("window.dispatchEvent(new Event('pagehide')); window.dispatchEvent(new Event('pageshow'))")
    person.wait("the banner", lambda: "Connection lost" in person.text("#connection"), 12)
    person.check("connection lost")
    person.picture("connection-lost", whole=False)
    person.browser.execute_cdp_cmd("Network.emulateNetworkConditions", {
        "offline": False, "latency": 0, "downloadThroughput": -1, "uploadThroughput": -1})
    person.wait("the connection", lambda: not person.text("#connection"), 20)


def others(person):
    person.open("/ui/explain")
    person.browser.find_element(By.CSS_SELECTOR, "#url").send_keys("https://shop.example/orders/7")
    person.browser.find_element(By.CSS_SELECTOR, "#headers").send_keys("x-region: eu-west")
    person.browser.find_element(By.CSS_SELECTOR, "form .primary").click()
    person.wait("the decision", lambda: person.text(".verdict"))
    person.everywhere("explain")
    for name in ("events", "audit"):
        person.everywhere(name, f"/ui/{name}")
    expect("DRAIN_" in person.page_text("/ui/events"), "the drain is no event")
    expect("deploy 4711" in person.page_text("/ui/audit"), "the drain is not in the audit log")
    region = person.browser.execute_script("return 0") or None
    person.open("/")
    region = person.browser.find_element(By.CSS_SELECTOR, ".region h3 a").get_attribute("href")
    person.everywhere("region", urllib.parse.urlsplit(region).path)


def viewer(person, token):
    person.sign_out()
    person.sign_in(token)
    for path in (f"/ui/cells/{person.cell}", "/ui/drains"):
        person.open(path)
        forms = person.browser.find_elements(By.CSS_SELECTOR, "main form")
        expect(not forms, f"a viewer sees a form at {path}")
        person.check(f"{path} for a viewer")
    person.open("/ui/audit")
    expect("Not with this token" in person.text("h1"), "a viewer reads the audit log")


def share_on(self, path):
    self.open(path)
    return self.wait("the cell's share", lambda: self.share() is not None and (self.share(), ))[0]


def page_text(self, path):
    self.open(path)
    return self.text("main")


Person.share_on, Person.page_text = share_on, page_text


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--url", required=True)
    parser.add_argument("--token", required=True, help="of an operator or an admin")
    parser.add_argument("--viewer", help="a viewer's token")
    parser.add_argument("--cell", required=True, help="with another cell in its region, and traffic of its own")
    parser.add_argument("--out", required=True, help="folder for the pictures")
    parser.add_argument("--driver", default="/usr/bin/chromedriver")
    parser.add_argument("--chromium", default="/usr/bin/chromium")
    parser.add_argument("--insecure", action="store_true", help="accept any certificate")
    options = parser.parse_args()
    person = Person(options)
    step = "the start"
    try:
        for step, work in (
            ("strangers", lambda: strangers(person, options.token)),
            ("overview", lambda: person.everywhere("overview", "/")), ("weight", lambda: weight(person)),
            ("live", lambda: live(person)), ("drain", lambda: drain(person)), ("others", lambda: others(person)),
            ("connection", lambda: connection(person)),
            ("viewer", lambda: options.viewer and viewer(person, options.viewer)),
        ):
            work()
            print(f"{step}: held")
        noise = [line["message"] for line in person.browser.get_log("browser") if line["level"] == "SEVERE"]
        strange = [line for line in noise if not re.search(r"401|403|ERR_INTERNET_DISCONNECTED", line)]
        expect(not strange, f"the browser complains: {strange}")
        print(f"{person.texts} texts, least contrast {person.worst:.2f}")
    except Failure as failure:
        person.picture("failure")
        print(f"{step}: {failure}")
        return 1
    finally:
        person.browser.quit()
    return 0


if __name__ == "__main__":
    sys.exit(main())
