// Builds the islands into the Python package: hashed files, a manifest that the templates read, the icons they inline,
// and each text file once more as .br and .gz, which the web server hands out as they are.
import { readdirSync, readFileSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { brotliCompressSync, gzipSync } from "node:zlib";
import { createHash } from "node:crypto";
import { build, defineConfig } from "vite";

const outDir = fileURLToPath(new URL("../src/luytre/web/static/build", import.meta.url));
const iconDir = fileURLToPath(new URL("./node_modules/@tabler/icons/icons/outline", import.meta.url));

const ICONS = [
  "alert-triangle", "arrow-back-up", "arrow-forward-up", "arrows-exchange", "arrows-move", "award", "bell", "bell-ringing", "blur", "bookmark", "calendar", "camera", "category", "check", "checklist", "chevron-left", "chevron-right", "chevrons-left", "chevrons-right", "clipboard-check", "clipboard-list", "compass", "copy", "current-location", "chart-bar", "chart-donut", "device-cctv", "dots", "download", "eraser", "eye", "eye-search", "file-certificate", "file-text", "heartbeat", "help", "history",
  "key", "language", "layout-grid", "list-check", "list-details", "lock", "logout", "map-2", "map-pin", "map-pin-plus", "map-pin-question", "message-report", "maximize", "moon", "notebook", "pencil", "phone", "player-pause", "player-play", "player-track-next", "player-track-prev", "plug-connected", "plus", "printer", "report-money", "ruler-measure", "shield-check", "rewind-backward-10", "rewind-forward-10", "rotate-clockwise",
  "search", "send", "settings", "sitemap", "speakerphone", "sun", "target-arrow", "wand", "table-export", "table-import", "trash", "urgent", "user", "users", "users-group", "x", "zoom-in", "zoom-out",
];

function icons() {
  return {
    name: "icons",
    closeBundle() {
      const found = Object.fromEntries(ICONS.map((name) => {
        const svg = readFileSync(join(iconDir, `${name}.svg`), "utf8");
        return [name, svg.replace(/^[\s\S]*?<svg[^>]*>/, "").replace(/<\/svg>[\s\S]*$/, "").replace(/\s+/g, " ").trim()];
      }));
      // Ours: the brackets of a marked span.
      found["bracket-open"] = '<path d="M14 4h-6v16h6"/>';
      found["bracket-close"] = '<path d="M10 4h6v16h-6"/>';
      writeFileSync(join(outDir, "icons.json"), JSON.stringify(found));
    },
  };
}

// One file for itself each: a worker that shares parts with pages would have to be a module, which not every browser takes.
function workers(names) {
  return {
    name: "workers",
    async closeBundle() {
      const manifest = join(outDir, "manifest.json");
      const entries = JSON.parse(readFileSync(manifest, "utf8"));
      for (const name of names) {
        const source = `src/${name}.ts`;
        const input = fileURLToPath(new URL(`./${source}`, import.meta.url));
        const output = { format: "iife", inlineDynamicImports: true };
        const made = await build({ configFile: false, logLevel: "error", build: { write: false, target: "es2022", rollupOptions: { input, output } } });
        const contents = made.output[0].code;
        const file = `assets/${name}-${createHash("sha256").update(contents).digest("base64url").slice(0, 8)}.js`;
        writeFileSync(join(outDir, file), contents);
        entries[source] = { file, src: source, isEntry: true };
      }
      writeFileSync(manifest, JSON.stringify(entries, null, 2));
    },
  };
}

// A page that stands alone, with its script and style in itself: it travels in packages and is opened without a network. Its policy
// lets nothing run but these two.
function alone(name, file) {
  const hash = (text) => `'sha256-${createHash("sha256").update(text).digest("base64")}'`;
  return {
    name: "alone",
    async closeBundle() {
      const folder = fileURLToPath(new URL(`./src/${name}`, import.meta.url));
      const output = { format: "iife", inlineDynamicImports: true };
      const made = await build({ configFile: false, logLevel: "error", build: { write: false, target: "es2022", rollupOptions: { input: join(folder, "main.ts"), output } } });
      const script = made.output[0].code.trim();
      const style = readFileSync(join(folder, "page.css"), "utf8").trim();
      if (/<\/script|<!--/i.test(script) || /<\/style/i.test(style)) throw new Error(`${name}: would end its own element`);
      const policy = `default-src 'none'; script-src ${hash(script)}; style-src ${hash(style)}; media-src blob:; base-uri 'none'; form-action 'none'`;
      const parts = { policy, script, style };
      const page = readFileSync(join(folder, "page.html"), "utf8").replace(/\{\{(\w+)\}\}/g, (_whole, part) => parts[part]);
      writeFileSync(join(outDir, file), page);
    },
  };
}

function compressed() {
  const walk = (folder) => readdirSync(folder).flatMap((name) => {
    const path = join(folder, name);
    return statSync(path).isDirectory() ? walk(path) : [path];
  });
  return {
    name: "compressed",
    closeBundle() {
      for (const path of walk(outDir).filter((name) => /\.(m?js|css|svg)$/.test(name))) {
        const data = readFileSync(path);
        writeFileSync(`${path}.gz`, gzipSync(data, { level: 9 }));
        writeFileSync(`${path}.br`, brotliCompressSync(data));
      }
    },
  };
}

export default defineConfig({
  base: "/static/build/",
  publicDir: false,
  build: {
    outDir,
    emptyOutDir: true,
    manifest: "manifest.json",
    target: "es2022",
    modulePreload: { polyfill: false },
    rollupOptions: { input: ["src/app.ts", "src/wall.ts", "src/account.ts", "src/camera.ts", "src/playback.ts", "src/masks.ts", "src/map.ts", "src/survey.ts", "src/acceptance.ts", "src/tell.ts", "src/news.ts", "src/appeal.ts", "src/faces.ts", "src/sign.ts", "src/blur.ts"] },
  },
  plugins: [icons(), workers(["sw", "tell-sw", "news-sw"]), alone("verify", "kiem-tra.html"), compressed()],
  test: { include: ["tests/**/*.test.ts"], environment: "node" },
});
