import { formatDoctorReport, runDoctor } from '../../lab/doctor.ts'
import { engineProbes } from '../../lab/engine-probes.ts'
import { report } from './output.ts'

/** Prints what this machine has of what the lab needs. */
export async function doctor({ lab, json }: { lab: string; json: boolean }): Promise<void> {
  const result = await runDoctor({ labFolder: lab, engines: engineProbes })
  report(json, result, () => formatDoctorReport(result))
}
