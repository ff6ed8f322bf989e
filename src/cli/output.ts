/** Where a command's words go. */
export interface Terminal {
  out(text: string): void;
  err(text: string): void;
  /** Standard error is a screen, so that a progress line can be replaced. */
  readonly live: boolean;
}

/** Keeps the promise of `--json`: exactly one document on standard output, everything else on standard error. */
export function createOutput(terminal: Terminal, json: boolean) {
  let progressShown = false;
  let documented = false;
  const clearProgress = () => {
    if (progressShown) terminal.err('\r\u001b[2K');
    progressShown = false;
  };
  const document = (value: unknown) => {
    if (documented) throw new TypeError('a command has exactly one result');
    documented = true;
    terminal.out(`${JSON.stringify(value)}\n`);
  };
  return {
    print(text: string) {
      clearProgress();
      if (json) terminal.err(`${text}\n`);
      else terminal.out(`${text}\n`);
    },
    warn(text: string) {
      clearProgress();
      terminal.err(`${text}\n`);
    },
    progress(text: string) {
      if (!terminal.live) return terminal.err(`${text}\n`);
      terminal.err(`\r\u001b[2K${text}`);
      progressShown = true;
    },
    result(value: unknown, human: string) {
      clearProgress();
      if (json) document(value);
      else terminal.out(`${human}\n`);
    },
    fail(value: unknown, lines: readonly string[]) {
      clearProgress();
      // A command that failed after its result has told the machine reader already; people get the rest.
      if (json && !documented) document(value);
      for (const line of lines) terminal.err(`${line}\n`);
    },
    close: clearProgress,
  };
}
