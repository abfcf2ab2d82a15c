/** Films a page as Chromium draws it, and makes a video of the pictures by ffmpeg. */
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Page } from "playwright-core";
import { FestError } from "../../lib/hedera/error.ts";

/** A film that is being made. */
export interface Screencast {
  /** Ends it, and writes the video. @throws FestError `VIDEO_FAILED` */
  finish(file: string): Promise<void>;
}

interface Picture {
  readonly file: string;
  /** When it was drawn, in seconds. */
  readonly at: number;
}

/** How long the last picture stays, in seconds. */
const LAST_SECONDS = 2;

/** Begins to film; Chromium gives a picture whenever something changes. */
export async function startScreencast(page: Page): Promise<Screencast> {
  const folder = await mkdtemp(join(tmpdir(), "fest-film-"));
  const session = await page.context().newCDPSession(page);
  const pictures: Picture[] = [];
  const writing: Promise<void>[] = [];
  session.on("Page.screencastFrame", ({ data, metadata, sessionId }) => {
    const file = join(folder, `${pictures.length}.jpg`);
    pictures.push({ file, at: metadata.timestamp ?? Date.now() / 1_000 });
    writing.push(writeFile(file, Buffer.from(data, "base64")));
    void session.send("Page.screencastFrameAck", { sessionId });
  });
  await session.send("Page.startScreencast", { format: "jpeg", quality: 88 });
  return {
    async finish(file) {
      await session.send("Page.stopScreencast");
      await Promise.all(writing);
      const list = join(folder, "pictures.txt");
      await writeFile(list, listOf(pictures));
      try {
        await encode(list, file);
      } finally {
        await rm(folder, { recursive: true });
      }
    },
  };
}

/** The pictures in ffmpeg's words, each with how long it stays. */
function listOf(pictures: readonly Picture[]): string {
  const lines = pictures.map(({ file, at }, index) => {
    const next = pictures[index + 1];
    const seconds = next === undefined ? LAST_SECONDS : Math.max(0.01, next.at - at);
    return `file '${file}'\nduration ${seconds.toFixed(3)}`;
  });
  return `${lines.join("\n")}\n`;
}

async function encode(list: string, file: string): Promise<void> {
  const input = ["-f", "concat", "-safe", "0", "-i", list];
  const output = ["-vf", "fps=12,scale=trunc(iw/2)*2:trunc(ih/2)*2", "-c:v", "libx264", "-crf", "26"];
  const rest = ["-preset", "veryfast", "-pix_fmt", "yuv420p", "-movflags", "+faststart", file];
  const ffmpeg = Bun.which("ffmpeg");
  if (ffmpeg === null) {
    throw new FestError("VIDEO_FAILED", "there is no ffmpeg here", { fix: "apt-get install ffmpeg" });
  }
  const run = Bun.spawn([ffmpeg, "-y", "-loglevel", "error", ...input, ...output, ...rest], {
    stdio: ["ignore", "ignore", "pipe"],
  });
  const problem = await new Response(run.stderr).text();
  if ((await run.exited) !== 0)
    throw new FestError("VIDEO_FAILED", `ffmpeg failed: ${problem.trim().slice(-500)}`);
}
