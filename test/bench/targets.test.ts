/** Targets are judged on the rows that they are about, and no better than what was measured. */
import assert from 'node:assert/strict';
import test from 'node:test';
import { cellNamed } from '../../bench/iteration/cells.ts';
import type { Timing } from '../../bench/iteration/entrant.ts';
import type { Row, RowResult } from '../../bench/iteration/race.ts';
import { sizes } from '../../bench/iteration/sizes.ts';
import { judge } from '../../bench/targets.ts';

type Rounds = Timing['rounds'];

const lstm = 'ours ÷ PyTorch fused, LSTM';
const kept = 'ours ÷ PyTorch with everything kept, any cell';
const twin = "a user's cell ÷ the prelude cell of equal arithmetic";

function timing(contestant: string, rounds: Rounds): Timing {
  const others = { iterations: 1, losses: [], lossesAgree: true, backend: undefined, remark: undefined };
  return { contestant, rounds, ...others };
}

function row(
  times: { ours: Rounds; fused?: Rounds; loop?: Rounds; twin?: Rounds },
  about: Partial<Row> = {},
): RowResult {
  const { ours, fused = [], loop = [], twin } = times;
  const timings = [
    timing(
      'compiled',
      ours.map(() => 1e-3),
    ),
    timing('auto', ours),
    timing('PyTorch fused', fused),
    timing('PyTorch loop, all kept', loop),
  ];
  const common = {
    cell: cellNamed('LSTM'),
    layers: 1,
    input: 'embed',
    sizeName: 'M',
    size: sizes.M,
    threads: 2,
  } as const;
  return { row: { ...common, ...about }, timings, twin: twin && timing('auto', twin) };
}

function resultOf(rows: readonly RowResult[], what: string) {
  const { ratio, isMet, limit } = judge({ rows, panels: [] }).find(
    (each) => each.what === what && each.size === 'M',
  )!;
  return { paired: ratio?.paired, ofLeast: ratio?.ofLeast, isMet, limit };
}

const fast = row({ ours: [1, 1, 1], fused: [1, 1, 1] });
const slow = { ours: [9, 9, 9], fused: [1, 1, 1] };

const cases: readonly (readonly [
  name: string,
  rows: readonly RowResult[],
  what: string,
  expected: object,
])[] = [
  [
    'times are compared within a round, so that a slow moment of the machine does not count',
    [row({ ours: [1.2, 50, 1.3], fused: [1, 50, 1] })],
    lstm,
    { paired: 1.2, ofLeast: 1.2, isMet: true, limit: 1.3 },
  ],
  [
    'rounds that one of the two sat out are left out',
    [row({ ours: [9, undefined, 1], fused: [undefined, 1, 1] })],
    lstm,
    { paired: 1, ofLeast: 1, isMet: true, limit: 1.3 },
  ],
  [
    'a contestant that was disturbed makes no target met',
    [row({ ours: [2, 2, 2], fused: [1, 8, 8] })],
    lstm,
    { paired: 0.25, ofLeast: 2, isMet: false, limit: 1.3 },
  ],
  [
    'the slowest of several rows counts, numbers as input among them',
    [fast, row(slow, { input: 'numbers' })],
    lstm,
    { paired: 9, ofLeast: 9, isMet: false, limit: 1.3 },
  ],
  [
    'stacks, one-hot inputs, other sizes, other cells and fewer threads do not',
    [
      fast,
      row(slow, { layers: 2 }),
      row(slow, { input: 'onehot' }),
      row(slow, { sizeName: 'L' }),
      row(slow, { cell: cellNamed('GRU') }),
      row(slow, { threads: 1 }),
    ],
    lstm,
    { paired: 1, ofLeast: 1, isMet: true, limit: 1.3 },
  ],
  [
    'any cell is compared with the loop',
    [row({ ours: [1], loop: [4] }), row({ ours: [3], loop: [4] }, { cell: cellNamed('SurpriseCell') })],
    kept,
    { paired: 0.75, ofLeast: 0.75, isMet: false, limit: 0.5 },
  ],
  [
    'a cell of a user is compared with its twin',
    [row({ ours: [1.1, 1.1], twin: [1, 1] }, { cell: cellNamed('UserLSTM') })],
    twin,
    { paired: 1.1, ofLeast: 1.1, isMet: true, limit: 1.2 },
  ],
  [
    'what was not measured is neither met nor missed',
    [row({ ours: [1] })],
    lstm,
    { paired: undefined, ofLeast: undefined, isMet: undefined, limit: 1.3 },
  ],
];

for (const [name, rows, what, expected] of cases) {
  test(name, () => assert.deepEqual(resultOf(rows, what), expected));
}
