/// `/login`.
struct SignInPage {
    /// Where to go afterwards: a path of our own.
    var to: String
    var trouble: String?

    var html: HTML {
        let wrong: HTML =
            trouble.map { "<div class=\"notice bad\" role=\"alert\" id=\"wrong\">\(Tone.bad.mark)\($0)</div>" } ?? ""
        return """
            <section class="card sign-in" aria-labelledby="sign-in-title"><h1 id="sign-in-title">Sign in</h1>\(wrong)
            <form method="post" action="/login">\(Form.hidden("to", to))
            <div class="field"><label for="token">Token</label><input id="token" name="token" type="password" \
            autocomplete="current-password" required autofocus maxlength="200" spellcheck="false" \
            aria-describedby="token-hint"><small id="token-hint">From <code>portolan token create</code>. \
            It begins with ptl_.</small></div>
            <div class="buttons"><button class="primary">Sign in</button></div></form></section>
            """
    }
}
