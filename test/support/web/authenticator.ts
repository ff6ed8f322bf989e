import type { CDPSession, Page } from 'playwright-core';

type Passkey = Awaited<ReturnType<typeof credentialsOf>>[number];

/** A device of one tab that makes and shows passkeys, and whose owner always agrees: Chromium's virtual authenticator. */
export interface VirtualAuthenticator {
  credentials(): Promise<readonly Passkey[]>;
  /** A copy of another device's. */
  put(passkey: Passkey): Promise<void>;
}

export async function authenticatorOf(page: Page): Promise<VirtualAuthenticator> {
  const devtools = await page.context().newCDPSession(page);
  await devtools.send('WebAuthn.enable');
  const { authenticatorId } = await devtools.send('WebAuthn.addVirtualAuthenticator', {
    options: {
      protocol: 'ctap2',
      transport: 'internal',
      hasResidentKey: true,
      hasUserVerification: true,
      isUserVerified: true,
      automaticPresenceSimulation: true,
    },
  });
  return {
    credentials: () => credentialsOf(devtools, authenticatorId),
    async put(credential) {
      await devtools.send('WebAuthn.addCredential', { authenticatorId, credential });
    },
  };
}

const credentialsOf = async (devtools: CDPSession, authenticatorId: string) =>
  (await devtools.send('WebAuthn.getCredentials', { authenticatorId })).credentials;
