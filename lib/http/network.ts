/** The eight groups of an IPv6 address, `::` filled in. */
function groups(address: string): string[] {
  const [head = '', tail] = address.split('::');
  const before = head === '' ? [] : head.split(':');
  const after = tail === undefined || tail === '' ? [] : tail.split(':');
  return [...before, ...Array<string>(Math.max(0, 8 - before.length - after.length)).fill('0'), ...after];
}

/**
 * What limits count by: an IPv4 address, or the /64 network of an IPv6 address, since whoever has one address there has
 * them all. Anything else stays as it is.
 */
export function networkOf(address: string): string {
  const mapped = /^::ffff:(\d+\.\d+\.\d+\.\d+)$/i.exec(address)?.[1];
  if (mapped !== undefined) {
    return mapped;
  }
  const plain = address.split('%')[0] ?? address;
  if (!/^[0-9a-f:]*:[0-9a-f:]*$/i.test(plain)) {
    return address;
  }
  const network = groups(plain)
    .slice(0, 4)
    .map((group) => Number.parseInt(group, 16).toString(16));
  return `${network.join(':')}::/64`;
}
