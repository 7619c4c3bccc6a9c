// Evaluates a compiled expression exactly as fieldapp/ask/evaluate.py does; no value makes it throw.
// Scope: {values, now, current, last_saved, columns}, all texts; `now` has milliseconds and offset.

const DAY = 864e5
const NUMBER = /^[ \t\r\n]*-?(\d+(\.\d*)?|\.\d+)[ \t\r\n]*$/
const CLOCK = '([01]\\d|2[0-3]):([0-5]\\d)(?::([0-5]\\d)(?:\\.(\\d+))?)?' +
  '(?:Z|([+-])([01]\\d|2[0-3])(?::?([0-5]\\d))?)?'
const TIME = new RegExp(`^${CLOCK}$`)
const MOMENT = new RegExp(`^((?!0000)\\d{4}-\\d\\d-\\d\\d)(?:T(${CLOCK}))?$`)
const MONTHS = 'Jan Feb Mar Apr May Jun Jul Aug Sep Oct Nov Dec'.split(' ')
const WEEKDAYS = 'Sun Mon Tue Wed Thu Fri Sat'.split(' ')

export const toText = value => {
  const text = String(value)
  const found = typeof value == 'number' && /^(-?)(\d)\.?(\d*)e(.\d+)$/.exec(text)
  if (!found) return text
  const [, sign, first, rest, exponent] = found
  return sign + (exponent < 0
    ? '0.' + '0'.repeat(-exponent - 1) + first + rest
    : (first + rest).padEnd(+exponent + 1, '0'))
}

export const toNumber = value => {
  if (typeof value != 'string') return +value
  if (NUMBER.test(value)) return +value
  const moment = readMoment(value)
  return moment ? (moment.local - moment.offset) / DAY : NaN
}

export const toBoolean = value => !!value

// A point in time as it was written: local milliseconds since 1970, and the offset from UTC.
const readMoment = text => {
  const found = MOMENT.exec(text)
  const day = found ? Date.parse(found[1]) : NaN
  if (isNaN(day) || isoText(day).slice(0, 10) != found[1]) return
  const [clock, offset] = readClock(found[2] || '00:00')
  return {local: day + clock, offset}
}

const readClock = text => {
  const found = TIME.exec(text)
  if (!found) return [NaN]
  const [, hours, minutes, seconds = 0, part = '', sign, awayHours = 0, awayMinutes = 0] = found
  return [
    ((hours * 60 + +minutes) * 60 + +seconds) * 1000 + +part.slice(0, 3).padEnd(3, '0'),
    (awayHours * 60 + +awayMinutes) * (sign == '-' ? -6e4 : 6e4),
  ]
}

const isoText = local => new Date(local).toISOString()

// The local time of a dateTime, or of a number of days since 1970; undefined when no date holds it.
const localTime = value => {
  const moment = typeof value == 'string' && readMoment(value)
  if (moment) return moment.local
  const days = toNumber(value)
  if (days >= -719162 && days < 2932896) return Math.floor(days * DAY + .5)
}

const formatDate = (value, form) => {
  const local = localTime(value)
  if (local == null) return ''
  const [Y, m, d, H, M, S, ms] = isoText(local).split(/\D/)
  const parts = {
    Y, y: Y.slice(2), m, n: +m, b: MONTHS[m - 1], d, e: +d, H, h: +H, M, S, 3: ms,
    a: WEEKDAYS[new Date(local).getUTCDay()], '%': '%',
  }
  return toText(form).replace(/%([YymnbdeHhMS3a%])/g, (all, part) => parts[part])
}

const words = value => toText(value).match(/[^ \t\r\n]+/g) || []

const equal = (a, b) => {
  const has = type => typeof a == type || typeof b == type
  return has('boolean') ? toBoolean(a) == toBoolean(b)
    : has('number') ? toNumber(a) == toNumber(b) : a == b
}

const round = (value, places = 0) => {
  const number = toNumber(value)
  const digits = Math.trunc(toNumber(places))
  if (!(Math.abs(digits) <= 30)) return NaN
  const shifted = +`${toText(number)}e${digits}`
  if (!(Math.abs(shifted) < 2 ** 53)) return number
  const whole = Math.floor(shifted)
  return +`${toText(whole + (shifted - whole >= .5))}e${-digits}`
}

const pick = keeps => (...values) =>
  values.map(toNumber).reduce((a, b) => isNaN(a) || keeps(a, b) ? a : b)

const OPERATORS = {
  '<': (a, b) => a < b,
  '<=': (a, b) => a <= b,
  '>': (a, b) => a > b,
  '>=': (a, b) => a >= b,
  '+': (a, b) => a + b,
  '-': (a, b) => a - b,
  '*': (a, b) => a * b,
  div: (a, b) => a / b,
  mod: (a, b) => a % b,
}

// `this` is the scope.
const FUNCTIONS = {
  coalesce: (a, b) => toText(a) ? a : b,
  concat: (...values) => values.map(toText).join(''),
  contains: (text, part) => toText(text).includes(toText(part)),
  'count-selected': answer => words(answer).length,
  date: value => formatDate(value, '%Y-%m-%d'),
  'decimal-date-time': toNumber,
  'decimal-time'(value) {
    const text = toText(value)
    return readClock(readMoment(text) ? text.slice(11) : text)[0] / DAY
  },
  false: () => false,
  'format-date': formatDate,
  int: value => Math.trunc(toNumber(value)) + 0,
  max: pick((a, b) => a >= b),
  min: pick((a, b) => a <= b),
  not: value => !toBoolean(value),
  now() { return this.now },
  number: toNumber,
  once(value) { return this.current || value },
  regex: (value, pattern) => new RegExp(`^(?:${pattern})$`, 'u').test(toText(value)),
  round,
  selected(answer, choice) {
    const picked = words(answer)
    const wanted = words(choice).join(' ')
    return picked.includes(wanted) || !(picked.length || wanted)
  },
  'selected-at': (answer, index) => words(answer)[Math.trunc(toNumber(index))] ?? '',
  'starts-with': (text, begin) => toText(text).startsWith(toText(begin)),
  'string-length': text => [...toText(text)].length,
  substr: (text, start, end = Infinity) =>
    [...toText(text)].slice(toNumber(start), toNumber(end)).join(''),
  sum: (...values) => values.reduce((total, value) => total + toNumber(value), 0),
  today() { return this.now.slice(0, 10) },
  true: () => true,
  uuid: () => crypto.randomUUID(),
}

const own = (texts, name) => texts && Object.hasOwn(texts, name) ? texts[name] : ''

export const evaluate = (tree, scope) => {
  const [kind, name, a, b] = tree
  const value = part => evaluate(part, scope)
  switch (kind) {
    case 'self': return scope.current || ''
    case 'ref': return own(scope.values, name)
    case 'last': return own(scope.last_saved, name)
    case 'col': return own(scope.columns, name)
    case 'neg': return -toNumber(value(name))
    case 'op':
      if (name == 'or') return toBoolean(value(a)) || toBoolean(value(b))
      if (name == 'and') return toBoolean(value(a)) && toBoolean(value(b))
      if (name == '=') return equal(value(a), value(b))
      if (name == '!=') return !equal(value(a), value(b))
      return OPERATORS[name](toNumber(value(a)), toNumber(value(b)))
    case 'fn':
      if (name == 'if') return value(a[toBoolean(value(a[0])) ? 1 : 2])
      return FUNCTIONS[name].apply(scope, a.map(value))
  }
  return name
}
