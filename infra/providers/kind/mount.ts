/** Where each node, and in it Argo CD's repository server, has the checkout. */
export const mountedCheckout = "/repo";
