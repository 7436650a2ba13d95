// ort.js: ONNX Runtime's side of bench/nn.sh: node ort.js MODEL.onnx IN.f32 SHAPE THREADS, with SHAPE as 8,3,224,224. Lines as ours.c has them;
// "output FILE" writes the bare float32 numbers. NODE_PATH names the folders of onnxruntime-node and onnxruntime-common.
'use strict';
const fs = require('fs');
const readline = require('readline');
const ort = require('onnxruntime-node');

// Kilobytes; maxRSS of resourceUsage is at least what the process held that started this one.
const memory = () => Number(/^VmHWM:\s*(\d+)/m.exec(fs.readFileSync('/proc/self/status', 'utf8'))[1]);

async function main() {
    const [model, input, shape, threads] = process.argv.slice(2);
    const before = memory();
    const session = await ort.InferenceSession.create(model, {
        intraOpNumThreads: Number(threads), interOpNumThreads: 1, executionMode: 'sequential', graphOptimizationLevel: 'all'});
    const bytes = fs.readFileSync(input);
    const numbers = new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length / 4);
    const feeds = {x: new ort.Tensor('float32', numbers, shape.split(',').map(Number))};
    let output = null;
    console.log('ready');
    for await (const line of readline.createInterface({input: process.stdin})) {
        const [word, rest] = line.split(' ');
        if (word === 'run') {
            const processor = process.cpuUsage(), wall = process.hrtime.bigint();
            output = (await session.run(feeds)).logits;
            const elapsed = Number(process.hrtime.bigint() - wall) / 1e6, used = process.cpuUsage(processor);
            console.log(`${elapsed.toFixed(4)} ${((used.user + used.system) / 1e3).toFixed(4)}`);
        } else if (word === 'output') {
            fs.writeFileSync(rest, Buffer.from(output.data.buffer, output.data.byteOffset, output.data.byteLength));
            console.log('done');
        } else {
            console.log(`${memory()} ${before}`);
        }
    }
}

main().catch((error) => { console.error(`ort.js: ${error.message}`); process.exit(1); });
