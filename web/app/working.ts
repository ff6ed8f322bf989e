import { useRef, useState } from 'preact/hooks';
import type { ApiError } from '../api/api-error.ts';
import { ProofDeclined } from '../api/proof.ts';
import { errorOf } from '../api/resource.ts';

/** Something that a person set going: one at a time, with what became of it. */
export interface Working {
  readonly busy: boolean;
  readonly fault: ApiError | undefined;
  /** Does nothing while the last is under way: what changes something is never sent twice. */
  run(work: () => Promise<void>): void;
  clear(): void;
}

export function useWorking(): Working {
  const [busy, setBusy] = useState(false);
  const [fault, setFault] = useState<ApiError>();
  const under = useRef(false);
  return {
    busy,
    fault,
    run(work) {
      if (under.current) return;
      under.current = true;
      setBusy(true);
      setFault(undefined);
      work()
        .catch((thrown: unknown) => {
          // Their own choice: nothing to be told.
          if (!(thrown instanceof ProofDeclined)) setFault(errorOf(thrown));
        })
        .finally(() => {
          under.current = false;
          setBusy(false);
        });
    },
    clear: () => setFault(undefined),
  };
}
