# Two stages: wheels are checked against their hashes and installed in the first, and only installed files reach the
# second. The base is an index of several platforms (amd64, arm64), pinned by its digest; how it is renewed is in
# docs/design/2026-11-25-release.md. dev/securebucket_dev/image carries the same steps out without an engine.
FROM docker.io/library/python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254 AS build
WORKDIR /build
COPY requirements/build.txt requirements/runtime.txt requirements/
RUN python -m venv /opt/build \
 && /opt/build/bin/python -m pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements/build.txt \
 && python -m venv /opt/securebucket \
 && /opt/securebucket/bin/python -m pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY operator operator
RUN /opt/build/bin/python -m pip wheel --no-cache-dir --no-index --no-deps --no-build-isolation --wheel-dir dist . \
 && /opt/securebucket/bin/python -m pip install --no-cache-dir --no-index --no-deps --find-links dist securebucket \
 && /opt/securebucket/bin/python -m pip uninstall --yes pip

FROM docker.io/library/python:3.12-slim-bookworm@sha256:782412e85d0f0984994c290652577d4018aff08145c85b262bb63dc0c7522254
ARG VERSION=0.0.0
ARG REVISION=unknown
ARG SOURCE=unknown
LABEL org.opencontainers.image.title="securebucket" \
      org.opencontainers.image.description="One small YAML makes one S3 bucket safe, and keeps it safe." \
      org.opencontainers.image.licenses="Apache-2.0" \
      org.opencontainers.image.version="$VERSION" \
      org.opencontainers.image.revision="$REVISION" \
      org.opencontainers.image.source="$SOURCE" \
      org.opencontainers.image.base.name="docker.io/library/python:3.12-slim-bookworm"
COPY --from=build /opt/securebucket /opt/securebucket
# PYTHONSAFEPATH: nothing in the working directory is ever imported. MALLOC_ARENA_MAX: sixteen threads would each keep a
# heap of their own, and give nothing back.
ENV PATH=/opt/securebucket/bin:$PATH \
    PYTHONSAFEPATH=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1 \
    MALLOC_ARENA_MAX=2
WORKDIR /
USER 65532:65532
EXPOSE 8080 8081
ENTRYPOINT ["securebucket"]
CMD ["run"]
