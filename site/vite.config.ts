import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { defineConfig, type Plugin } from "vite";

const root = import.meta.dirname;

/**
 * A build without a deployment of its own says so in `config.json`, so that the
 * page never asks for a file that isn't there.
 */
function defaultConfig(): Plugin {
  const absent = !existsSync(join(root, "public/config.json"));
  return {
    name: "default-config",
    generateBundle() {
      if (absent) this.emitFile({ type: "asset", fileName: "config.json", source: "null\n" });
    },
    configureServer(server) {
      server.middlewares.use("/config.json", (_request, response, next) => {
        if (!absent) return next();
        response.setHeader("content-type", "application/json").end("null\n");
      });
    },
  };
}

/** Makes docs/operations.md a page beside the dashboard, so that its tiles lead to what to do. */
function runbook(): Plugin {
  const text = (path: string) => readFileSync(join(root, path), "utf8");
  return {
    name: "runbook",
    generateBundle() {
      const html = Bun.markdown.html(text("../docs/operations.md"), {
        headings: { ids: true },
        tables: true,
      });
      // Other documents are not beside it.
      const linked = html.replaceAll(/<a href="(?!#|https?:)[^"]*">(.*?)<\/a>/gs, "$1");
      // What scrolls can be reached by keyboard.
      const body = linked.replaceAll(/<(pre|table)>/g, '<$1 tabindex="0">');
      const source = text("runbook.html").replace("<!-- operations.md -->", () => body);
      this.emitFile({ type: "asset", fileName: "runbook.html", source });
      this.emitFile({ type: "asset", fileName: "runbook.css", source: text("runbook.css") });
    },
  };
}

/** Templates and styles without their indentation, which no minifier touches since it is text. */
function unindented(): Plugin {
  return {
    name: "unindented",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!id.startsWith(join(root, "src"))) return null;
      const styles = code.replaceAll(/css`[^`$]*`/g, (css) => css.replaceAll(/\s*([{};])\s*/g, "$1"));
      return { code: styles.replaceAll(/\n\s+/g, "\n"), map: null };
    },
  };
}

/** Parts that are loaded later bring no styles with them and nothing to load before: a plain import does. */
function plainImports(): Plugin {
  return {
    name: "plain-imports",
    enforce: "pre",
    load(id) {
      return id === "\0vite/preload-helper.js" ? "export const __vitePreload = (load) => load();" : null;
    },
  };
}

export default defineConfig(({ command }) => {
  // Whoever builds, a test for example, the page is built for people: without Lit's development mode.
  if (command === "build") process.env.NODE_ENV = "production";
  return {
    root,
    base: "./",
    plugins: [plainImports(), unindented(), defaultConfig(), runbook()],
    build: {
      outDir: "dist",
      emptyOutDir: true,
      target: "es2023",
      modulePreload: false,
      assetsInlineLimit: 0,
      reportCompressedSize: true,
    },
  };
});
