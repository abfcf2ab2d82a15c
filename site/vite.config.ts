import { existsSync } from "node:fs";
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

export default defineConfig(({ command }) => {
  // Whoever builds, a test for example, the page is built for people: without Lit's development mode.
  if (command === "build") process.env.NODE_ENV = "production";
  return {
    root,
    base: "./",
    plugins: [defaultConfig()],
    build: {
      outDir: "dist",
      emptyOutDir: true,
      target: "es2023",
      modulePreload: { polyfill: false },
      assetsInlineLimit: 0,
      reportCompressedSize: true,
    },
  };
});
