/** 128 bits of a hash over what was evaluated, in hex: the same evaluation again takes the place of the former one. */
export const benchmarkIdPattern = /^[0-9a-f]{32}$/;
