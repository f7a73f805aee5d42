#!/usr/bin/env python3
"""Trains the same networks in plain PyTorch, as a reference for the speeds of mpi/gpu/gpu-check.sh.

    mpi/gpu/pytorch_peer.py --networks CFG,CFG --sizes 416 --precisions fp32,bf16 --batch 64 --steps 20

Eager mode, channels-last, autocast, cuDNN autotuned. The images are random and already on the GPU, and the loss is the
mean square of the heads, which costs next to nothing: both make PyTorch faster, not slower.
Prints the columns of "bench speed".
"""
import argparse
import os
import statistics
import time

import torch
from torch import nn


def sections(path):
    """Returns the sections of a Darknet .cfg file after [net] as (name, options)."""
    found = []
    for line in open(path, encoding="utf-8"):
        line = line.split("#")[0].strip()
        if line.startswith("["):
            found.append((line[1:-1], {}))
        elif line:
            key, value = line.split("=", 1)
            found[-1][1][key.strip()] = value.strip()
    return found[1:]


class SamePool(nn.Module):
    """Darknet's maxpool of size 2 and stride 1: it pads only right and bottom."""

    def forward(self, x):
        return nn.functional.max_pool2d(nn.functional.pad(x, (0, 1, 0, 1), value=float("-inf")), 2, 1)


class Darknet(nn.Module):
    """The network of a Darknet .cfg file; forward returns the raw outputs of its heads."""

    def __init__(self, path):
        super().__init__()
        self.sections = sections(path)
        self.parts = nn.ModuleList()
        self.sources = []
        channels, width = [], 3
        for i, (name, options) in enumerate(self.sections):
            sources = []
            if name == "convolutional":
                part, width = self.convolution(options, width)
            elif name == "maxpool":
                size, stride = int(options["size"]), int(options["stride"])
                part = SamePool() if (size, stride) == (2, 1) else nn.MaxPool2d(size, stride, (size - 1) // 2)
            elif name == "upsample":
                part = nn.Upsample(scale_factor=int(options["stride"]))
            elif name in ("route", "shortcut"):
                numbers = [int(n) for n in options["layers" if name == "route" else "from"].split(",")]
                sources = [n if n >= 0 else i + n for n in numbers]
                width = sum(channels[n] for n in sources) if name == "route" else width
                part = nn.Identity()
            else:
                part = nn.Identity()
            self.parts.append(part)
            self.sources.append(sources)
            channels.append(width)

    @staticmethod
    def convolution(options, width):
        norm, size, filters = options.get("batch_normalize") == "1", int(options["size"]), int(options["filters"])
        parts = [nn.Conv2d(width, filters, size, int(options["stride"]), (size - 1) // 2, bias=not norm)]
        if norm:
            parts.append(nn.BatchNorm2d(filters, momentum=0.03))
        if options["activation"] == "leaky":
            parts.append(nn.LeakyReLU(0.1, inplace=True))
        return nn.Sequential(*parts), filters

    def forward(self, x):
        outputs, heads = [], []
        for (name, _), part, sources in zip(self.sections, self.parts, self.sources):
            if name == "route":
                x = torch.cat([outputs[n] for n in sources], 1) if len(sources) > 1 else outputs[sources[0]]
            elif name == "shortcut":
                x = x + outputs[sources[0]]
            elif name == "yolo":
                heads.append(x)
            else:
                x = part(x)
            outputs.append(x)
        return heads


def measure(path, size, precision, batch, steps):
    """Returns the median time of a training step in seconds and the peak of reserved GPU memory in MiB."""
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = precision == "tf32"
    torch.backends.cudnn.benchmark = True
    device = "cuda" if torch.cuda.is_available() else "cpu"
    half = {"bf16": torch.bfloat16, "fp16": torch.float16}.get(precision)
    network = Darknet(path).to(device, memory_format=torch.channels_last)
    optimizer = torch.optim.SGD(network.parameters(), lr=1e-6, momentum=0.9, weight_decay=5e-4)
    scaler = torch.amp.GradScaler(device, enabled=precision == "fp16")
    images = torch.rand(batch, 3, size, size, device=device).to(memory_format=torch.channels_last)
    times = []
    for step in range(-5, steps):
        begin = time.perf_counter()
        with torch.autocast(device, dtype=half or torch.bfloat16, enabled=half is not None):
            heads = network(images)
        loss = sum(head.float().square().mean() for head in heads)
        optimizer.zero_grad()
        scaler.scale(loss).backward()
        scaler.step(optimizer)
        scaler.update()
        loss.item()
        if step >= 0:
            times.append(time.perf_counter() - begin)
    peak = torch.cuda.max_memory_reserved() / 2**20 if device == "cuda" else 0
    return statistics.median(times), peak


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--networks", required=True, help="Darknet .cfg files, separated by commas")
    parser.add_argument("--sizes", default="416", help="input sizes in pixels (default: %(default)s)")
    parser.add_argument("--precisions", default="fp32,bf16", help="fp32, tf32, fp16, bf16 (default: %(default)s)")
    parser.add_argument("--batch", type=int, default=8, help="images of a step (default: %(default)s)")
    parser.add_argument("--steps", type=int, default=20, help="measured steps (default: %(default)s)")
    options = parser.parse_args()
    print("plain PyTorch", torch.__version__, flush=True)
    for path in options.networks.split(","):
        for size in map(int, options.sizes.split(",")):
            for precision in options.precisions.split(","):
                if torch.cuda.is_available():
                    torch.cuda.empty_cache()
                    torch.cuda.reset_peak_memory_stats()
                name = f"{os.path.splitext(os.path.basename(path))[0]:14}{size:6d}{precision:>6}{options.batch:7d}"
                try:
                    median, peak = measure(path, size, precision, options.batch, options.steps)
                except torch.OutOfMemoryError:
                    print(f"{name}  out of memory", flush=True)
                    continue
                print(f"{name}{options.batch / median:11.1f}{median * 1e3:10.2f}{peak:10.0f}", flush=True)


if __name__ == "__main__":
    main()
