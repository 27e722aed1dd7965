/**
 * The command line. `serve` starts a server and stops it on SIGINT or SIGTERM; `client` talks to
 * one; everything else prints something and ends. What goes wrong before the server runs is a line
 * each, and exit code 1.
 */

import { parseArgs } from "@std/cli/parse-args";
import { banner } from "./server/startup/banner.ts";
import { Config } from "./server/config/config.ts";
import { ConfigError } from "./server/config/config_error.ts";
import { describeStartupError } from "./server/startup/startup_error.ts";
import { mainHelp, serveHelp } from "./server/startup/usage.ts";
import { process } from "./server/platform/platform.ts";
import { printError, printLine } from "./server/report/print.ts";
import { ignoreOtherSignals, onHangUp, onStopSignal } from "./server/startup/stop_signals.ts";
import { ravelVersion, redisVersion } from "./server/version.ts";
import { textOfByteString } from "./structures/bytes/byte_string.ts";

/** Runs the command that the arguments name; resolves to the exit code. */
export async function main(args: readonly string[]): Promise<number> {
  const unknown: string[] = [];
  const options = parseArgs(args, {
    boolean: ["help", "version"],
    string: ["_"],
    alias: { help: "h", version: "v" },
    stopEarly: true,
    unknown: (argument, key) => key === undefined || unknown.push(argument) === 0,
  });
  const [command, ...words] = options._.map(String);
  if (unknown.length > 0) {
    return fail(`unknown option ${unknown[0]}; settings come after "serve", see --help`);
  }
  if (options.version) return print(versionLine());
  if (options.help || command === undefined) return print(mainHelp());
  if (command === "client") {
    const { client } = await import("./client/mod.ts");
    return await client(words);
  }
  if (command !== "serve") return fail(`unknown command '${command}'; see --help`);
  if (words.includes("--help") || words.includes("-h")) return print(serveHelp());
  if (words.includes("--version") || words.includes("-v")) return print(versionLine());
  return await serveUntilStopped(words);
}

async function serveUntilStopped(words: readonly string[]): Promise<number> {
  let config: Config;
  try {
    config = Config.parse(words);
  } catch (error) {
    if (error instanceof ConfigError) return Math.max(...error.problems.map(fail));
    throw error;
  }
  ignoreOtherSignals();
  try {
    // Loaded here so that help and complaints about settings do not wait for the whole server.
    const { serve } = await import("./server/mod.ts");
    const onLogLine = config.logFile === "" ? printLine : undefined;
    const server = await serve({
      config,
      onLogLine,
      environment: { collectGarbage: process.collectGarbage },
    });
    onHangUp(async () => {
      if (config.tlsPort !== 0 && await server.reloadCertificate()) {
        server.log.notice("the certificate of TLS was read again");
      }
    });
    const release = await onStopSignal({
      stop: () => server.shutdown(),
      mayHang: config.plugins.length > 0,
      onFailure: fail,
    });
    if (config.logFormat === "text" || config.logFile !== "") {
      const { acl, addresses, tlsAddresses } = server;
      const unixSocket = textOfByteString(config.unixSocket);
      print(banner({ addresses, tlsAddresses, unixSocket }, acl.isPasswordNeeded));
    }
    // Standard output that carries a log in JSON stays JSON from its first line on.
    const { hostname, port } = server.address;
    server.log.notice("ready to accept connections", { version: ravelVersion, hostname, port });
    await server.finished;
    release();
    return 0;
  } catch (error) {
    return fail(describeStartupError(error, config));
  }
}

function versionLine(): string {
  return `Ravel ${ravelVersion} (follows Redis ${redisVersion})`;
}

function print(text: string): number {
  printLine(text);
  return 0;
}

function fail(line: string): number {
  printError(`ravel: ${line}`);
  return 1;
}

if (import.meta.main) main(process.args).then(process.exit);
