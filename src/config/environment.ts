/** Environment variables as handed to everything that needs one; nothing else reads `process.env`. */
export type Environment = Readonly<Record<string, string | undefined>>;

export const environment: Environment = process.env;
