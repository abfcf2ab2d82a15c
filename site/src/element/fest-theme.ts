import { css, LitElement, type TemplateResult } from "lit";
import { base } from "../style/base.ts";
import { html } from "./html.ts";

const THEMES = ["auto", "light", "dark"] as const;
type Theme = (typeof THEMES)[number];
const KEY = "fest-theme";

/** Switches between the viewer's own preference, light and dark, and remembers it. */
export class FestTheme extends LitElement {
  static override properties = { theme: { state: true } };
  static override styles = [
    base,
    css`
      button {
        font-size: 0.84rem;
        color: var(--muted);
      }
    `,
  ];

  declare theme: Theme;

  constructor() {
    super();
    this.theme = remembered();
    apply(this.theme);
  }

  override render(): TemplateResult {
    return html`<button @click=${this.#next} aria-label="Colours: ${this.theme}. Change">
      ${{ auto: "◐", light: "☀", dark: "☾" }[this.theme]}\u2002${this.theme}
    </button>`;
  }

  #next(): void {
    this.theme = THEMES[(THEMES.indexOf(this.theme) + 1) % THEMES.length] ?? "auto";
    apply(this.theme);
    remember(this.theme);
  }
}

function apply(theme: Theme): void {
  if (theme === "auto") delete document.documentElement.dataset.theme;
  else document.documentElement.dataset.theme = theme;
}

// A cookie and not the browser's storage, whose opening holds up the first picture of every visit.
function remembered(): Theme {
  try {
    return THEMES.find((theme) => document.cookie.includes(`${KEY}=${theme}`)) ?? "auto";
  } catch {
    // A page in a sandbox has no cookies; the preference then lasts as long as the page does.
    return "auto";
  }
}

function remember(theme: Theme): void {
  try {
    // biome-ignore lint/suspicious/noDocumentCookie: not every browser has the Cookie Store, and nothing here needs escaping
    document.cookie = `${KEY}=${theme}; max-age=31536000; samesite=strict`;
  } catch {
    // See above.
  }
}

customElements.define("fest-theme", FestTheme);
