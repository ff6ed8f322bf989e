import { parentPort, workerData } from 'node:worker_threads';
import { hashSync, verifySync } from '@node-rs/argon2';
import { GIVES_WAY, giveWay } from '../lib/give-way.ts';
import type { HashingCost, PasswordAnswer, PasswordTask } from './password-thread.ts';

/**
 * One thread that hashes. Whoever guesses passwords chooses how much of this there is to do: everybody else comes
 * first.
 */
giveWay(GIVES_WAY.toOthers);
const cost = workerData as HashingCost;
// What has passed through a message is a plain array of bytes.
const options = { ...cost, secret: Buffer.from(cost.secret) };

parentPort?.on('message', (task: PasswordTask) => {
  const answer: PasswordAnswer =
    task.stored === undefined
      ? { hash: hashSync(task.password, options) }
      : { isRight: verifySync(task.stored, task.password, options) };
  parentPort?.postMessage(answer);
});
