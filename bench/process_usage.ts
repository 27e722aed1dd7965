/**
 * What a process has used so far, as Linux tells it in /proc. Where that cannot be read (another
 * system, a server on another machine) the figures are NaN and the tables show a dash.
 */

/** Clock ticks in a second in /proc, the same on every Linux that Deno runs on. */
const TICKS_PER_SECOND = 100;

/** User and system time of all threads since the process began, in seconds (steps of 10 ms). */
export function cpuSeconds(pid: number): number {
  return cpuSecondsOf(readText(`/proc/${pid}/stat`));
}

/** The same of all children of this process that have ended. */
export function endedChildrenCpuSeconds(): number {
  return endedChildrenCpuSecondsOf(readText("/proc/self/stat"));
}

/** Resident memory in bytes, shared segments included. */
export function residentBytes(pid: number): number {
  return residentBytesOf(readText(`/proc/${pid}/status`));
}

/** How many files and sockets this process may have open; Infinity if there is no limit. */
export function openFileLimit(): number {
  const value = /^Max open files\s+(\S+)/m.exec(readText("/proc/self/limits"))?.[1];
  return value === "unlimited" ? Infinity : Number(value ?? NaN);
}

/** The processor's name; empty where it is not known. */
export function processorName(): string {
  return /^model name\s*:\s*(.+)$/m.exec(readText("/proc/cpuinfo"))?.[1] ?? "";
}

/** From the text of /proc/<pid>/stat: fields 14 and 15, counted behind the name in parentheses. */
export function cpuSecondsOf(stat: string): number {
  return secondsIn(stat, 14, 15);
}

/** From the same text: fields 16 and 17. */
export function endedChildrenCpuSecondsOf(stat: string): number {
  return secondsIn(stat, 16, 17);
}

function secondsIn(stat: string, userField: number, systemField: number): number {
  const fields = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
  const ticks = (field: number) => Number(fields[field - 3] ?? NaN);
  return (ticks(userField) + ticks(systemField)) / TICKS_PER_SECOND;
}

/** From the text of /proc/<pid>/status: the line VmRSS, in kB. */
export function residentBytesOf(status: string): number {
  return Number(/^VmRSS:\s+(\d+) kB/m.exec(status)?.[1] ?? NaN) * 1024;
}

function readText(path: string): string {
  try {
    return Deno.readTextFileSync(path);
  } catch {
    return "";
  }
}
