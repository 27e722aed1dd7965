/** A setting that the server cannot start with; the message is one line that says where and why. */
export class ConfigError extends Error {
  override name = "ConfigError";
}
