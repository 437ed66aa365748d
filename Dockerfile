# The executable of `bun run build` on a base with nothing but the C library. docs/operations.md explains how to run it.
ARG BUN_IMAGE=oven/bun:1.4.5
ARG BASE_IMAGE=debian:13-slim

FROM ${BUN_IMAGE} AS build
WORKDIR /build
COPY package.json bun.lock bunfig.toml ./
RUN bun install --frozen-lockfile --production --ignore-scripts
COPY tsconfig.json ./
COPY src src
RUN bun run build && mkdir data

FROM ${BASE_IMAGE}
COPY --from=build /build/dist/challenges /usr/local/bin/challenges
# A new volume takes the owner of this folder.
COPY --from=build --chown=65532:65532 /build/data /data
# SQLite and Bun need no other folder: the root file system may be read-only.
ENV NODE_ENV=production \
    DATABASE_URL=file:/data/challenges.db \
    STOP_DELAY_SECONDS=5 \
    BUN_CONFIG_MAX_HTTP_REQUESTS=4096
WORKDIR /data
VOLUME /data
USER 65532:65532
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=3s --start-period=60s CMD ["bash", "-c", "\
exec 3<>/dev/tcp/127.0.0.1/${PORT:-8000}; \
printf 'GET /health HTTP/1.1\\r\\nHost: localhost\\r\\nConnection: close\\r\\n\\r\\n' >&3; \
grep -q '^HTTP/1.1 200 ' <&3"]
ENTRYPOINT ["/usr/local/bin/challenges"]
