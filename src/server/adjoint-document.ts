/** The adjoint equations of a cell as a document in the language's words and signs. */
import type { CellEquations, EquationLine, StandInCell } from '../language/equation-texts.ts';
import type { AdjointDocument, AdjointLine } from '../protocol/adjoint-view.ts';

export function adjointDocument(
  { cell, assumed }: StandInCell,
  { quantities, parameters }: CellEquations,
): AdjointDocument {
  const groups = [
    ...quantities.map(({ forward, adjoint }) => [...forward, ...adjoint]),
    parameters.flatMap(({ gradient }) => gradient),
  ].filter((lines) => lines.length > 0);
  const given = [...assumed].map(([name, value]) => `${name} = ${value}`).join(', ');
  const head = [
    `The adjoint equations of ${cell.name}${given && `, written out for ${given}`}: how the gradient flows back through it.`,
    'δq is ∂L/∂q at time t, L being the mean loss of the minibatch, from the last time step back to the first.',
    ...explanations(groups.flat()),
  ];
  return {
    lines: [
      ...head.flatMap(wrapped).map((text) => ({ text: `# ${text}` })),
      ...groups.flatMap((lines): AdjointLine[] => [{ text: '' }, ...lines]),
    ],
  };
}

/** What is not in the language, by what it looks like. */
const signs: readonly (readonly [sign: RegExp, meaning: string])[] = [
  [/\[t\+/, '[t+1] is one time step later; what would lie after the last one is 0.'],
  [/δoutput/, 'δoutput is what the layer above hands down.'],
  [/\.pre/, 'q.pre is what the function of q is applied to: that of q = tanh(v) is v.'],
  [/\w\.δ?\d/, 'q.1, q.2, … are parts of the equation of q.'],
  [/ᵀ/, 'Wᵀ is W transposed, and a @ bᵀ the matrix of all products of a unit of a and a unit of b.'],
  [/sum_over_time/, 'sum_over_time is over all time steps, and over the samples of the minibatch.'],
  [
    /sum_before_start/,
    'sum_before_start is over the time steps t ≤ 0, and over the samples of the minibatch.',
  ],
  [/>/, '(a > b) is 1 where it holds and 0 elsewhere.'],
  [/sign\(/, 'sign(v) is -1, 0 or 1.'],
  [/ : /, 'v[a : b] are the units of v from number a on and before number b, counted from 0.'],
  [/pad\(/, 'pad(v, a, n) is a vector of n units: those of v from number a on, and 0 elsewhere.'],
  [/ones\(/, 'ones(n) is a vector of n ones.'],
  [/width\(x\)/, 'width(x) is the number of units of x.'],
];

function explanations(lines: readonly EquationLine[]): string[] {
  return signs.filter(([sign]) => lines.some(({ text }) => sign.test(text))).map(([, meaning]) => meaning);
}

/** A view that stands beside its source is about as wide. */
const widestLine = 72;

/** Further lines of a paragraph are indented, so that paragraphs can be told apart. */
function wrapped(paragraph: string): string[] {
  const lines: string[] = [];
  for (const word of paragraph.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + word.length < widestLine) lines.splice(-1, 1, `${last} ${word}`);
    else lines.push(last === undefined ? word : `  ${word}`);
  }
  return lines;
}
