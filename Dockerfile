# Escrutinio in one image: `escrutinio run`, `poll` and `serve` are the same program.
# By digest in a release: `make pin-images` finds it, `make release` demands it (docs/deploy.md).
ARG PYTHON_IMAGE=python:3.13-slim
FROM ${PYTHON_IMAGE} AS build
WORKDIR /build
COPY requirements.lock requirements-build.lock ./
RUN python -m venv /opt/escrutinio \
 && /opt/escrutinio/bin/pip install --no-cache-dir --require-hashes -r requirements.lock \
 && python -m venv /opt/build \
 && /opt/build/bin/pip install --no-cache-dir --require-hashes -r requirements-build.lock
# Which version and commit it is of: here is no git to ask (CONTRIBUTING.md, releases).
ARG ESCRUTINIO_VERSION
ARG ESCRUTINIO_COMMIT
COPY pyproject.toml README.md LICENSE ./
COPY scripts/built.py scripts/built.py
COPY deploy deploy
COPY texts texts
COPY tally tally
COPY mission mission
COPY ingest ingest
COPY geo geo
COPY api api
COPY dashboard dashboard
RUN env ${ESCRUTINIO_VERSION:+SETUPTOOLS_SCM_PRETEND_VERSION=$ESCRUTINIO_VERSION} /opt/build/bin/pip wheel --no-cache-dir --no-deps --no-build-isolation --wheel-dir /wheel . \
 && /opt/escrutinio/bin/pip install --no-cache-dir --no-deps --no-index /wheel/*.whl

FROM ${PYTHON_IMAGE}
RUN useradd --system --uid 10001 --home-dir /var/lib/escrutinio --create-home escrutinio \
 && install --directory --owner=escrutinio /var/lib/escrutinio/photos /srv/site /srv/files
COPY --from=build /opt/escrutinio /opt/escrutinio
ENV PATH=/opt/escrutinio/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    ESCRUTINIO_DATABASE_URL=sqlite:////var/lib/escrutinio/count.db \
    ESCRUTINIO_CACHE=/var/lib/escrutinio/cache \
    ESCRUTINIO_HOST=0.0.0.0
USER escrutinio
WORKDIR /var/lib/escrutinio
VOLUME /var/lib/escrutinio
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=20s --retries=3 \
  CMD ["python", "-c", "import urllib.request as u; u.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
CMD ["escrutinio", "run"]
