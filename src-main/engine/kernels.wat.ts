/**
 * WebAssembly text of the kernels. Four floats at a time; arrays start on 16 bytes and are padded to them, so the last lanes may run into
 * padding, which stays zero under both kernels (a zero gradient moves nothing).
 */
export const kernelSource = `
(module
  (import "lab" "memory" (memory 1 65536))

  (func (export "adam")
    (param $values i32) (param $gradient i32) (param $first i32) (param $second i32) (param $count i32)
    (param $beta1 f32) (param $beta2 f32) (param $step_size f32) (param $epsilon f32)
    (local $end i32) (local $g v128) (local $m v128) (local $v v128)
    (local.set $end (i32.add (local.get $values) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $values) (local.get $end)))
        (local.set $g (v128.load (local.get $gradient)))
        ;; m = g + beta1 (m - g)
        (local.set $m
          (f32x4.add (local.get $g)
            (f32x4.mul (f32x4.splat (local.get $beta1))
              (f32x4.sub (v128.load (local.get $first)) (local.get $g)))))
        (v128.store (local.get $first) (local.get $m))
        ;; v = g^2 + beta2 (v - g^2)
        (local.set $g (f32x4.mul (local.get $g) (local.get $g)))
        (local.set $v
          (f32x4.add (local.get $g)
            (f32x4.mul (f32x4.splat (local.get $beta2))
              (f32x4.sub (v128.load (local.get $second)) (local.get $g)))))
        (v128.store (local.get $second) (local.get $v))
        (v128.store (local.get $values)
          (f32x4.sub (v128.load (local.get $values))
            (f32x4.div
              (f32x4.mul (f32x4.splat (local.get $step_size)) (local.get $m))
              (f32x4.add (f32x4.sqrt (local.get $v)) (f32x4.splat (local.get $epsilon))))))
        (local.set $values (i32.add (local.get $values) (i32.const 16)))
        (local.set $gradient (i32.add (local.get $gradient) (i32.const 16)))
        (local.set $first (i32.add (local.get $first) (i32.const 16)))
        (local.set $second (i32.add (local.get $second) (i32.const 16)))
        (br $next))))

  (func (export "polyak") (param $target i32) (param $source i32) (param $count i32) (param $rate f32)
    (local $end i32) (local $t v128)
    (local.set $end (i32.add (local.get $target) (i32.shl (local.get $count) (i32.const 2))))
    (block $done
      (loop $next
        (br_if $done (i32.ge_u (local.get $target) (local.get $end)))
        (local.set $t (v128.load (local.get $target)))
        (v128.store (local.get $target)
          (f32x4.add (local.get $t)
            (f32x4.mul (f32x4.splat (local.get $rate))
              (f32x4.sub (v128.load (local.get $source)) (local.get $t)))))
        (local.set $target (i32.add (local.get $target) (i32.const 16)))
        (local.set $source (i32.add (local.get $source) (i32.const 16)))
        (br $next)))))
`
