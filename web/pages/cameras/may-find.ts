import type { Role } from '../../../src/contract/roles.ts';

/** To whom looking into the camera network is worth showing; the server decides. */
export const mayFind = (role: Role | undefined): boolean => role === 'officer' || role === 'administrator';
