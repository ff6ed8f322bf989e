import { open } from 'node:fs/promises';
import { LARGEST_PROOF_BYTES, type ProofTrust, verifyProof } from '../ledger/tlog-proof.ts';
import { systemCode } from '../lib/errors.ts';
import type { CommandContext } from './command.ts';
import { EXIT, type ExitCode } from './exit-code.ts';

/** Checks a file of `ledger prove --out` by itself, and shows what it proves. */
export async function verifyProofFile(
  path: string,
  trust: ProofTrust,
  context: CommandContext,
): Promise<ExitCode> {
  const { ledger: said } = context.words;
  const verdict = verifyProof(await readProof(path, context), trust);
  if ('fault' in verdict) {
    const { fault } = verdict;
    const sentence = said.fault[fault];
    context.result({ sound: false, fault: { code: fault, sentence } }, said.proofBroken({ fault: sentence }));
    return EXIT.failure;
  }
  const { index, size, signers, footage, compared, body } = verdict;
  if (compared < trust.kept.length) context.warn(said.notCompared({ size }));
  const entry = body.toString('utf8');
  context.result(
    {
      sound: true,
      entry: index,
      checkpoint: size,
      signers,
      compared,
      body: entry,
      ...(footage && { footage }),
    },
    [
      said.proofHolds({ entry: index, size, signers: signers.join(', ') }),
      `  ${entry}`,
      ...(footage ? [said.proofOfFootage, `  ${footage}`] : []),
    ].join('\n'),
  );
  return EXIT.ok;
}

/** No more than a proof can have, and a little: then it is none. */
async function readProof(path: string, { usageError, words }: CommandContext): Promise<Buffer> {
  try {
    const file = await open(path);
    try {
      const bytes = Buffer.alloc(LARGEST_PROOF_BYTES + 1);
      const { bytesRead } = await file.read(bytes, 0, bytes.length, 0);
      return bytes.subarray(0, bytesRead);
    } finally {
      await file.close();
    }
  } catch (error) {
    const system = systemCode(error);
    if (system === undefined) throw error;
    throw usageError(words.ledger.badFile({ file: path, system }));
  }
}
