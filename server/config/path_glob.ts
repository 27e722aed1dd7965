/** Patterns in the paths of included files, such as `conf.d/*.conf`. */

import { bytesOfByteString, byteStringOfText } from "../../structures/bytes/byte_string.ts";
import { matchesGlob } from "../../structures/bytes/glob.ts";
import { type ConfigFiles, FileError } from "./config_files.ts";

/** Paths that one pattern may match. */
const MAX_MATCHES = 1024;

export function hasWildcard(path: string): boolean {
  return /[*?[]/.test(path);
}

/**
 * The paths of what is there and matches, sorted; none matching is no error. A wildcard does not match
 * a slash, nor the dot that a hidden name begins with.
 *
 * @throws {FileError} where a directory may not be read
 */
export function matchingPaths(pattern: string, files: ConfigFiles): readonly string[] {
  const parts = pattern.split("/");
  let paths = [""];
  parts.forEach((part, i) => {
    const isLast = i === parts.length - 1;
    const end = isLast ? "" : "/";
    paths = hasWildcard(part)
      ? paths.flatMap((path) => matchingNames(path, part, files).map((name) => path + name + end))
      : paths.map((path) => path + part + end);
    paths = paths.slice(0, MAX_MATCHES);
  });
  return paths;
}

function matchingNames(directory: string, pattern: string, files: ConfigFiles): string[] {
  try {
    const names = files.names(directory === "" ? "." : directory.replace(/(?<=.)\/+$/, ""));
    return names.filter((name) => matches(pattern, name)).sort();
  } catch (error) {
    if (error instanceof FileError && error.trouble === "missing") return [];
    throw error;
  }
}

function matches(pattern: string, name: string): boolean {
  if (name.startsWith(".") && !pattern.startsWith(".")) return false;
  const glob = bytesOfByteString(byteStringOfText(pattern));
  const text = bytesOfByteString(byteStringOfText(name));
  return matchesGlob(glob, 0, glob.length, text, 0, text.length);
}
