// The log of a program that embeds Ravel: where the program has configured LogTape, Ravel's records
// go there, under the category "ravel", and are for the program to filter and to format.
//
// LogTape has one configuration for the whole process, and it is the program's: Ravel reads it and
// never changes it. The command line does not load this file, since nobody else is in its process
// and LogTape takes 3.5 MB of memory.

import { getConfig, getLogger, type Logger } from "@logtape/logtape";
import type { LogFields, LogSeverity } from "./log.ts";

const CATEGORY = "ravel";

/** Passes a record to the program's LogTape; returns false where there is none. */
export function relayToProgram(
  severity: LogSeverity,
  message: string,
  fields: LogFields,
): boolean {
  if (getConfig() === null) return false;
  METHODS[severity](getLogger(CATEGORY), { ...fields, message });
  return true;
}

/** The message is a property and not a template: braces in it mean nothing. */
const TEMPLATE = "{message}";

const METHODS: Readonly<Record<LogSeverity, (logger: Logger, fields: LogFields) => void>> = {
  debug: (logger, fields) => logger.trace(TEMPLATE, fields),
  verbose: (logger, fields) => logger.debug(TEMPLATE, fields),
  notice: (logger, fields) => logger.info(TEMPLATE, fields),
  warning: (logger, fields) => logger.warning(TEMPLATE, fields),
  fault: (logger, fields) => logger.error(TEMPLATE, fields),
};
