/** `now`, `5 min`, `3 h`, `2 d`, or a date. */
export function relativeTime(iso: string, now = Date.now()): string {
  const minutes = Math.floor((now - Date.parse(iso)) / 60_000);
  if (minutes < 1) {
    return 'now';
  }
  if (minutes < 60) {
    return `${minutes} min`;
  }
  if (minutes < 24 * 60) {
    return `${Math.floor(minutes / 60)} h`;
  }
  if (minutes < 7 * 24 * 60) {
    return `${Math.floor(minutes / (24 * 60))} d`;
  }
  return iso.slice(0, 10);
}

/** The heading a conversation is listed under. */
export function dayGroup(iso: string, now = new Date()): 'Today' | 'Yesterday' | 'Earlier' {
  const days = Math.round((startOfDay(now) - startOfDay(new Date(iso))) / 86_400_000);
  return days <= 0 ? 'Today' : days === 1 ? 'Yesterday' : 'Earlier';
}

function startOfDay(date: Date): number {
  return new Date(date.getFullYear(), date.getMonth(), date.getDate()).getTime();
}
