import { readFileSync } from 'node:fs'
import { Ajv } from 'ajv'
import { load } from 'js-yaml'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'

const schema: object = JSON.parse(readFileSync('node_modules/app-builder-lib/scheme.json', 'utf8'))
const validate = new Ajv({ strict: false, allErrors: true }).compile(schema)

const configuration = z
  .looseObject({
    files: z.array(z.string()),
    asarUnpack: z.array(z.string()),
    electronFuses: z.record(z.string(), z.boolean()),
    linux: z.looseObject({ icon: z.string(), target: z.array(z.string()) }),
    win: z.looseObject({ icon: z.string(), target: z.array(z.string()) }),
    mac: z.looseObject({
      icon: z.string(),
      target: z.array(z.object({ target: z.string(), arch: z.string() })),
    }),
  })
  .parse(load(readFileSync('electron-builder.yml', 'utf8')))

describe('electron-builder.yml', () => {
  it('is valid by electron-builder’s own schema, which knows a misspelt key', () => {
    validate(configuration)
    expect(validate.errors).toBeNull()
    expect(validate({ ...configuration, appid: 'x' })).toBe(false)
    expect(validate({ ...configuration, electronFuses: { runAsNodes: false } })).toBe(false)
  })

  it('builds what each system installs', () => {
    expect(configuration.linux.target).toEqual(['AppImage', 'deb'])
    expect(configuration.win.target).toEqual(['nsis'])
    expect(configuration.mac.target).toEqual([{ target: 'dmg', arch: 'arm64' }])
  })

  it('sets every fuse that keeps the installed program what it is', () => {
    expect(configuration.electronFuses).toMatchObject({
      runAsNode: false,
      enableNodeOptionsEnvironmentVariable: false,
      enableNodeCliInspectArguments: false,
      enableCookieEncryption: true,
      enableEmbeddedAsarIntegrityValidation: true,
      onlyLoadAppFromAsar: true,
      grantFileProtocolExtraPrivileges: false,
    })
  })

  it('has an icon large enough for every system', () => {
    for (const { icon } of [configuration.linux, configuration.win, configuration.mac]) {
      const png = readFileSync(`resources/${icon}`)
      // Width and height stand in the header of a PNG.
      expect(png.subarray(1, 4).toString()).toBe('PNG')
      expect(png.readUInt32BE(16)).toBeGreaterThanOrEqual(512)
      expect(png.readUInt32BE(20)).toBe(png.readUInt32BE(16))
    }
  })

  it('takes native libraries out of the archive and only those of its own system in', () => {
    expect(configuration.asarUnpack).toContain('**/*.node')
    expect(configuration.files.filter((pattern) => pattern.includes('onnxruntime-node'))).toEqual([
      `!node_modules/onnxruntime-node/bin/napi-v*/!(\${platform})/**`,
      `!node_modules/onnxruntime-node/bin/napi-v*/*/!(\${arch})/**`,
    ])
  })
})
