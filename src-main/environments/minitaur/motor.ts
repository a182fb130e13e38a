/**
 * The direct-drive motor of the Minitaur with its proportional-derivative controller: what voltage the controller asks for, what current flows against the
 * motor's own voltage, and what torque that current gives.
 */

const PROPORTIONAL_GAIN = 1
const DERIVATIVE_GAIN = 0.015
const BATTERY_VOLTS = 16
const RESISTANCE_OHM = 0.186
/** N m per ampere, and volts per rad/s. */
const TORQUE_CONSTANT = 0.0954
const LARGEST_NET_VOLTS = 50
/** Torque in N m at 0, 10, ... 60 A: the iron saturates. */
const TORQUES = [0, 1, 1.9, 2.45, 3, 3.25, 3.5] as const
const AMPERES_PER_ENTRY = 10
export const LARGEST_TORQUE = 3.5

/** Above this a motor grows hot; a protected one that stays there this long is switched off until the reset. */
export const HOT_TORQUE = 2.45
export const HOT_SECONDS = 1

/**
 * Torque in N m.
 * @param target angle asked for, rad.
 * @param angle, velocity as the controller knows them, some milliseconds old; rad, rad/s.
 * @param trueVelocity as it is now; rad/s.
 */
export function motorTorque(target: number, angle: number, velocity: number, trueVelocity: number): number {
  const duty = clip(PROPORTIONAL_GAIN * (target - angle) - DERIVATIVE_GAIN * velocity, 1)
  const netVolts = clip(duty * BATTERY_VOLTS - TORQUE_CONSTANT * trueVelocity, LARGEST_NET_VOLTS)
  const amperes = netVolts / RESISTANCE_OHM
  return Math.sign(amperes) * saturated(Math.abs(amperes))
}

/** Torque of a current, between the table's entries by straight lines. */
function saturated(amperes: number): number {
  const place = amperes / AMPERES_PER_ENTRY
  const index = Math.floor(place)
  const low = TORQUES[index] ?? LARGEST_TORQUE
  const high = TORQUES[index + 1] ?? LARGEST_TORQUE
  return low + (high - low) * (place - index)
}

const clip = (value: number, limit: number): number => Math.min(limit, Math.max(-limit, value))
