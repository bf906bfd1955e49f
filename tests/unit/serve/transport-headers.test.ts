import { transportHeaders } from '@/lib/serve/transport-headers';

test('behind TLS browsers are told to come no other way; elsewhere they are told nothing', () => {
  const team = { LOOKTWICE_MODE: 'team' };
  expect(transportHeaders({ ...team, LOOKTWICE_URL: 'https://looktwice.example' })).toEqual({
    'strict-transport-security': 'max-age=31536000',
  });
  expect(transportHeaders({ ...team, LOOKTWICE_URL: 'http://looktwice.example' })).toEqual({});
  expect(transportHeaders({ LOOKTWICE_URL: 'https://looktwice.example' })).toEqual({});
  expect(transportHeaders({})).toEqual({});
});
