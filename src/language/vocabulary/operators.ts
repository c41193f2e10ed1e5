/** Operators of equations: what they mean, and what backpropagation makes of them. */

export interface OperatorDescription {
  readonly meaning: string;
  /** δ is the adjoint of the result. */
  readonly derivative: string;
}

export type OperatorName = '+' | '-' | '*' | '/' | '@' | 'negation';

const scalar = 'A scalar receives the sum over the units.';

export const operators: Readonly<Record<OperatorName, OperatorDescription>> = {
  '@': {
    meaning:
      '`W @ v`: the product of a matrix and a vector, (W v)ᵢ = Σⱼ Wᵢⱼ vⱼ. `*` multiplies unit by unit.',
    derivative: 'δv = Wᵀ δ, δW = Σₜ δ ⊗ v',
  },
  '*': {
    meaning: '`a * b`: the product, unit by unit. `@` multiplies with a matrix.',
    derivative: `δa = δ ⊙ b, δb = δ ⊙ a. ${scalar}`,
  },
  '/': {
    meaning: '`a / b`: the quotient q, unit by unit.',
    derivative: `δa = δ / b, δb = −δ ⊙ q / b. ${scalar}`,
  },
  '+': {
    meaning: '`a + b`: the sum, unit by unit.',
    derivative: `δa = δ, δb = δ. ${scalar}`,
  },
  '-': {
    meaning: '`a - b`: the difference, unit by unit.',
    derivative: `δa = δ, δb = −δ. ${scalar}`,
  },
  negation: { meaning: '`-a`: each unit with the other sign.', derivative: 'δa = −δ' },
};
