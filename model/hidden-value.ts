/**
 * What stands for the value of an encrypted setting: the tool sees of it only that it is there, and Pulumi's program sees the
 * value.
 */
export const hiddenValue = "[secret]";
