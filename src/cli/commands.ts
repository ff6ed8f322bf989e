import { alarmAcknowledge } from './alarm-acknowledge.ts';
import { alarmList } from './alarm-list.ts';
import { alarmTake } from './alarm-take.ts';
import { backup } from './backup.ts';
import { backupList } from './backup-list.ts';
import { camerasDiscover } from './cameras-discover.ts';
import { camerasList } from './cameras-list.ts';
import { camerasProbe } from './cameras-probe.ts';
import type { Command } from './command.ts';
import { configCheck } from './config-check.ts';
import { coverage } from './coverage.ts';
import { forecast } from './forecast.ts';
import { holdAdd } from './hold-add.ts';
import { holdCopy } from './hold-copy.ts';
import { holdEnd } from './hold-end.ts';
import { holdList } from './hold-list.ts';
import { holdRenew } from './hold-renew.ts';
import { holdReview } from './hold-review.ts';
import { holdShow } from './hold-show.ts';
import { holdTakeOver } from './hold-take-over.ts';
import { holdVerify } from './hold-verify.ts';
import { itemAdd } from './item-add.ts';
import { itemDestroyed } from './item-destroyed.ts';
import { itemList } from './item-list.ts';
import { itemReturned } from './item-returned.ts';
import { ledgerBeginAnew } from './ledger-begin-anew.ts';
import { ledgerBundle } from './ledger-bundle.ts';
import { ledgerCheckpoint } from './ledger-checkpoint.ts';
import { ledgerProve } from './ledger-prove.ts';
import { ledgerShow } from './ledger-show.ts';
import { ledgerStatus } from './ledger-status.ts';
import { ledgerVerify } from './ledger-verify.ts';
import { peopleDemo } from './people-demo.ts';
import { peopleFirstCode } from './people-first-code.ts';
import { purge } from './purge.ts';
import { restore } from './restore.ts';
import { retentionStatusCommand } from './retention-status.ts';
import { serve } from './serve.ts';
import { status } from './status.ts';
import { taskConfirm } from './task-confirm.ts';
import { taskList } from './task-list.ts';
import { taskShow } from './task-show.ts';
import { vaultCheck } from './vault-check.ts';
import { vaultReindex } from './vault-reindex.ts';
import { witness } from './witness.ts';

/** Every command there is. A new one is a file of its own and a line here. */
export const COMMANDS: readonly Command[] = [
  alarmAcknowledge,
  alarmList,
  alarmTake,
  backup,
  backupList,
  camerasDiscover,
  camerasList,
  camerasProbe,
  configCheck,
  coverage,
  forecast,
  holdAdd,
  holdCopy,
  holdEnd,
  holdList,
  holdRenew,
  holdReview,
  holdShow,
  holdTakeOver,
  holdVerify,
  itemAdd,
  itemDestroyed,
  itemList,
  itemReturned,
  ledgerBeginAnew,
  ledgerBundle,
  ledgerCheckpoint,
  ledgerProve,
  ledgerShow,
  ledgerStatus,
  ledgerVerify,
  peopleDemo,
  peopleFirstCode,
  purge,
  restore,
  retentionStatusCommand,
  serve,
  status,
  taskConfirm,
  taskList,
  taskShow,
  vaultCheck,
  vaultReindex,
  witness,
];
