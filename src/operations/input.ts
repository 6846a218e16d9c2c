/** Input of any operation once its own schema has accepted it. */
export type Input = Record<string, unknown>;
