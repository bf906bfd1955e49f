export default function stop() {
  globalThis.looktwicePostgresql.stop();
}
