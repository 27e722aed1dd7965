/**
 * The npm package: one tarball, the same bytes for the same sources.
 */

import { join } from "node:path";
import { create } from "tar";
import { ROOT_FOLDER } from "./bundle.ts";
import { packageTypes } from "./declarations.ts";
import { PACKAGE_NAME } from "./exports.ts";
import { packageManifest, VERSION } from "./manifest.ts";
import { packageCode } from "./package_code.ts";

/** What the package has as it is. */
const TEXTS = ["README.md", "LICENSE"];
/** When its files were made, as npm says it of every package's. */
const FILE_TIME = new Date("1985-10-26T08:15:00Z");

/**
 * Builds it into a folder: the tarball, and nothing else but its source map, which stays outside of
 * it.
 *
 * @param folder made where it is missing
 * @returns the tarball's path
 * @throws where esbuild or TypeScript does not get along with the sources
 */
export async function packForNpm(folder: string): Promise<string> {
  const code = await packageCode();
  const files: Record<string, string> = {
    ...code.files,
    ...await packageTypes(code.values),
    "package.json": packageManifest(),
  };
  for (const name of TEXTS) files[name] = await Deno.readTextFile(join(ROOT_FOLDER, name));
  await Deno.mkdir(folder, { recursive: true });
  const name = `${PACKAGE_NAME}-${VERSION}`;
  const tarball = join(folder, `${name}.tgz`);
  await Deno.writeTextFile(join(folder, `${name}.cjs.map`), code.sourceMap);
  await writeTarball(tarball, files);
  return tarball;
}

/** Written aside first: whoever looks meanwhile sees an old one or a whole one. */
async function writeTarball(
  tarball: string,
  files: Readonly<Record<string, string>>,
): Promise<void> {
  const staging = await Deno.makeTempDir({ prefix: "ravel-pack-" });
  try {
    const names = Object.keys(files).toSorted();
    for (const name of names) await Deno.writeTextFile(join(staging, name), files[name]);
    const file = `${tarball}.${crypto.randomUUID().slice(0, 8)}`;
    await create({
      cwd: staging,
      file,
      gzip: { level: 9 },
      mtime: FILE_TIME,
      portable: true,
      prefix: "package",
    }, names);
    await Deno.rename(file, tarball);
  } finally {
    await Deno.remove(staging, { recursive: true });
  }
}
