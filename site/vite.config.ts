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

/** Templates and styles without their indentation and comments, which no minifier touches since it is text. */
function unindented(): Plugin {
  return {
    name: "unindented",
    apply: "build",
    enforce: "pre",
    transform(code, id) {
      if (!id.startsWith(join(root, "src"))) return null;
      const styles = code.replaceAll(/css`[^`$]*`/g, (css) =>
        css
          .replaceAll(/\/\*.*?\*\//gs, "")
          .replaceAll(/\s*([{};])\s*/g, "$1")
          .replaceAll(/([:,])\s+/g, "$1"),
      );
      return { code: styles.replaceAll(/\n\s+/g, "\n"), map: null };
    },
  };
}

/** Has the browser fetch what fills the panels beside the first script, and not after it. */
function panelsAtOnce(): Plugin {
  return {
    name: "panels-at-once",
    apply: "build",
    transformIndexHtml: {
      order: "post",
      handler(_html, { bundle = {} }) {
        const panels = Object.values(bundle).find(({ fileName }) => /\/panels-[^/]*\.js$/.test(fileName));
        if (panels === undefined) throw new Error("there is no chunk of the panels");
        const attrs = { rel: "modulepreload", href: `./${panels.fileName}`, fetchpriority: "low" };
        return [{ tag: "link", attrs, injectTo: "head" }];
      },
    },
  };
}

/** What the page and its worker have in common, apart from the elements. */
const HASHES =
  /\/@noble\/hashes\/|\/lib\/(?:hedera\/(?:error|timestamp)|mirror\/(?:bytes|running-hash))\.ts$/;
const WORKER = join(root, "src/service/proof.worker.ts");

/** Builds the worker along with the page: built apart, it would bring a second copy of the hash functions. */
function workerAmong(): Plugin {
  let reference = "";
  return {
    name: "worker-among",
    apply: "build",
    enforce: "pre",
    buildStart() {
      reference = this.emitFile({ type: "chunk", id: WORKER });
    },
    load(id) {
      return id === `${WORKER}?worker&url`
        ? `export default import.meta.ROLLDOWN_FILE_URL_${reference};`
        : null;
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
    plugins: [plainImports(), workerAmong(), unindented(), panelsAtOnce(), defaultConfig(), runbook()],
    build: {
      outDir: "dist",
      emptyOutDir: true,
      target: "es2023",
      // The first script's own parts come at once; parts that are loaded later are asked for by plain imports.
      modulePreload: {
        polyfill: false,
        resolveDependencies: (_file, parts, { hostType }) => (hostType === "html" ? parts : []),
      },
      assetsInlineLimit: 0,
      reportCompressedSize: true,
      rolldownOptions: {
        output: {
          codeSplitting: {
            groups: [
              { name: "hashes", test: HASHES },
              // Whatever the first script needs is in it, and not beside it.
              { name: "first", tags: ["$initial"], test: (id) => id !== WORKER },
            ],
          },
        },
      },
    },
  };
});
