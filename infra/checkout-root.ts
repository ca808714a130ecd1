/** The checkout: what the command line says (its Pulumi runs elsewhere), else the directory Pulumi runs in. */
export function checkoutRoot(): string {
  return process.env.ONEBRANCH_ROOT || process.cwd();
}
