/** Lightness falls evenly from safe to unsafe, so that equal steps of Q_safe look equal; in OKLCH, as lightness, chroma, hue in degrees. */
const safe = [0.97, 0.012, 85] as const
const unsafe = [0.34, 0.15, 25] as const
/** Chroma is highest where orange-red is richest; the hue goes there early. */
const chromaOfMiddle = 0.15

/** Red, green and blue from 0 to 255 for a Q_safe of 0 to 1. */
export function riskColour(risk: number): [number, number, number] {
  const share = Math.min(1, Math.max(0, risk))
  const lightness = mix(safe[0], unsafe[0], share)
  const chroma =
    share < 0.5 ? mix(safe[1], chromaOfMiddle, share * 2) : mix(chromaOfMiddle, unsafe[1], share * 2 - 1)
  const hue = (mix(safe[2], unsafe[2], Math.sqrt(share)) * Math.PI) / 180
  return fromOklab(lightness, chroma * Math.cos(hue), chroma * Math.sin(hue))
}

/** The map as stops of a CSS gradient. */
export function riskGradient(): string {
  const stops = Array.from({ length: 21 }, (_, index) => `rgb(${riskColour(index / 20).join(' ')})`)
  return `linear-gradient(to right, ${stops.join(', ')})`
}

function mix(from: number, to: number, share: number): number {
  return from + (to - from) * share
}

/** Björn Ottosson's OKLab to sRGB. */
function fromOklab(lightness: number, a: number, b: number): [number, number, number] {
  const long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
  const medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
  const short = (lightness - 0.0894841775 * a - 1.291485548 * b) ** 3
  return [
    toByte(4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short),
    toByte(-1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short),
    toByte(-0.0041960863 * long - 0.7034186147 * medium + 1.707614701 * short),
  ]
}

function toByte(linear: number): number {
  const value = linear <= 0.0031308 ? 12.92 * linear : 1.055 * linear ** (1 / 2.4) - 0.055
  return Math.round(Math.min(1, Math.max(0, value)) * 255)
}
