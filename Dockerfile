# Two stages: wheels are built and checked against their hashes in the first, and only installed files reach the second.
FROM python:3.12-slim-bookworm AS build
WORKDIR /build
COPY requirements/runtime.txt requirements/
RUN python -m venv /opt/securebucket \
 && /opt/securebucket/bin/python -m pip install --no-cache-dir --require-hashes --only-binary=:all: -r requirements/runtime.txt
COPY pyproject.toml README.md LICENSE ./
COPY operator operator
RUN python -m pip wheel --no-cache-dir --no-deps --wheel-dir dist . \
 && /opt/securebucket/bin/python -m pip install --no-cache-dir --no-deps --no-index dist/*.whl \
 && /opt/securebucket/bin/python -m pip uninstall --yes pip

FROM python:3.12-slim-bookworm
LABEL org.opencontainers.image.title="securebucket" \
      org.opencontainers.image.description="One small YAML makes one S3 bucket safe, and keeps it safe." \
      org.opencontainers.image.licenses="Apache-2.0"
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
