import { runInEngine } from "./harness/same_as_lua.ts";
const text = Deno.readTextFileSync(Deno.args[0]);
const only = Deno.args[1];
for (const m of text.matchAll(/^    `((?:[^`\\]|\\.)*)`,/gms)) {
  const src = m[1].replace(/\\(.)/g, "$1");
  if (only && !src.includes(only)) continue;
  if (Deno.args[2]) console.log(src);
  const s = performance.now();
  let turns = 0;
  try {
    runInEngine(src, {
      turn: () => {
        if (++turns > 300000) throw new Error("many");
        return "suspend";
      },
      budget: 0,
    });
  } catch (e) {
    if (e instanceof Error) console.log(src, String(e), (e as Error).stack?.slice(0, 500));
  }
  const d = performance.now() - s;
  if (d > 300) console.log(d | 0, src);
}
