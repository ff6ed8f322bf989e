/** The recorder's own words are English already. */
export const troubles: Readonly<Record<string, string>> = {};
