import { z } from 'zod';

const logLine = z.looseObject({
  level: z.string(),
  time: z.string(),
  writer: z.string(),
  event: z.string(),
});

/** Told in words elsewhere: as a change, an alarm or a sentence of its own. */
const TOLD_IN_WORDS = new Set(['stream.ended', 'recorder.refused', 'web.refused', 'simulated-site.refused']);

/** The alarms of the recorder come with its status; those of the others have only their log. */
const isToldInWords = (writer: string, event: string) =>
  TOLD_IN_WORDS.has(event) || (writer === 'recorder' && event.startsWith('alarm.'));

/**
 * A line of a child's log as a person reads it: `14:03:22 recorder disk.failed file=… lostMs=1200`. Lines that are
 * no log come back as they are.
 *
 * @param everything also what is ordinary or told in words elsewhere
 * @returns undefined for what need not be shown
 */
export function humanLogLine(line: string, everything: boolean): string | undefined {
  const known = logLine.safeParse(jsonOf(line));
  if (!known.success) return line;
  const { level, time, writer, event, pid: _pid, hostname: _hostname, ...facts } = known.data;
  if (!everything && (level === 'info' || isToldInWords(writer, event))) return undefined;
  const shown = Object.entries(facts).map(
    ([name, value]) => `${name}=${typeof value === 'string' ? value : JSON.stringify(value)}`,
  );
  return [time.slice(11, 19), writer, event, ...shown].join(' ');
}

function jsonOf(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    // Not everything that a process says is a log line; it is shown as it is.
    return undefined;
  }
}
