/** Configuration files on disk. */

import { failures, files, process } from "../platform/platform.ts";
import { type ConfigFiles, FileError } from "./config_files.ts";

export const diskFiles: ConfigFiles = {
  read: (path, maxBytes) => guarded(() => files.read(path, maxBytes + 1)),
  names: (directory) => guarded(() => files.names(directory)),
  replace: (path, bytes) => guarded(() => files.replace(path, bytes)),
  workingDirectory: () => process.workingDirectory(),
};

function guarded<T>(run: () => T): T {
  try {
    return run();
  } catch (error) {
    const message = failures.messageOf(error);
    const kind = failures.kindOf(error);
    if (kind === "notPermitted") throw new FileError("not permitted", message);
    if (kind === "notFound") throw new FileError("missing", message);
    throw new FileError("other", message);
  }
}
