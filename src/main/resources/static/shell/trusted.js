// Markup that scripts put into the page goes through here: no script, handler or script address
// survives. Runs before htmx, hence a classic script.
"use strict";
(() => {
  if (!window.trustedTypes) {
    return; // the content security policy still refuses inline scripts and handlers
  }
  const inert = trustedTypes.createPolicy("galerne", { createHTML: (text) => text });
  const FORBIDDEN = "script, iframe, object, embed, base, meta, link, style";
  const ADDRESSES = new Set(["href", "src", "action", "formaction", "xlink:href"]);

  function clean(text) {
    const parsed = new DOMParser().parseFromString(inert.createHTML(text), "text/html");
    for (const root of [parsed, ...[...parsed.querySelectorAll("template")].map((t) => t.content)]) {
      root.querySelectorAll(FORBIDDEN).forEach((element) => element.remove());
      for (const element of root.querySelectorAll("*")) {
        for (const { name, value } of [...element.attributes]) {
          const lower = name.toLowerCase();
          if (
            lower.startsWith("on") ||
            lower === "style" ||
            lower === "srcdoc" ||
            (ADDRESSES.has(lower) && /^[\s\p{Cc}]*(?:javascript|data|vbscript):/iu.test(value))
          ) {
            element.removeAttribute(name);
          }
        }
      }
    }
    return parsed;
  }

  trustedTypes.createPolicy("default", {
    createHTML: (text) => {
      const parsed = clean(text);
      return parsed.body.innerHTML;
    },
  });
})();
