/** The page's entry: reads the address, and gives what it finds to `<fest-app>`. */
import * as z from "zod/mini";
import { FestApp } from "./element/fest-app.ts";
import "./element/fest-header.ts";
import "./element/fest-theme.ts";
import "./element/fest-tiles.ts";
import { startPage } from "./service/page.ts";
import { whenSettled } from "./service/settled.ts";

// Its compiler of schemas needs `eval`, which the page's policy forbids; even trying is reported as an error.
z.config({ jitless: true });

const app = document.querySelector("fest-app");
const page = startPage();
if (app instanceof FestApp) app.page = page;
void whenSettled(page.store).then(() => import("./later.ts"));
