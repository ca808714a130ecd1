/** Where a cluster can come from. */
export const providerNames = ["kind", "eks", "embedded", "existing"] as const;

export type ProviderName = (typeof providerNames)[number];
