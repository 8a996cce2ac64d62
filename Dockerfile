# The service with its index inside: built once with a network, run without one.

FROM python:3.11-slim AS build
# Extras of the package with commas between them; `transformers` for another embedding model than the built-in ones.
ARG EXTRAS=
# Addresses of package indexes, where others than pip's own are meant: pip reads these variables itself, and without a
# default they are not set. They stay in this stage, of which the image takes two folders only.
ARG PIP_INDEX_URL
ARG PIP_EXTRA_INDEX_URL
ENV PIP_NO_CACHE_DIR=1 PIP_DISABLE_PIP_VERSION_CHECK=1
RUN python -m venv /opt/wenju
ENV PATH=/opt/wenju/bin:$PATH
WORKDIR /src
# The dependencies alone first: they change seldom, and this layer is the large one. The lock says which versions, the
# project which packages of these: without the extra no torch.
COPY requirements.lock pyproject.toml ./
RUN python -c "import os, tomllib; \
p = tomllib.load(open('pyproject.toml', 'rb'))['project']; \
extras = filter(None, os.environ.get('EXTRAS', '').split(',')); \
print(*p['dependencies'], *(d for e in extras for d in p['optional-dependencies'][e]), sep='\n')" > wanted.txt \
 && pip install -r wanted.txt -c requirements.lock
COPY . .
RUN pip install --no-deps .
# From here on nothing may reach for a network, as at run time.
ENV HF_HUB_OFFLINE=1
RUN wenju ingest data/reports --index /srv/wenju/index


FROM python:3.11-slim
RUN useradd --system --uid 10001 --home-dir /nonexistent --shell /usr/sbin/nologin wenju
COPY --from=build /opt/wenju /opt/wenju
# Owned by root: the service reads its index and cannot change it.
COPY --from=build /srv/wenju /srv/wenju
# WENJU_INSECURE: whoever publishes the port decides who reaches it. With WENJU_API_KEYS set, keys are asked for all the same.
ENV PATH=/opt/wenju/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    PYTHONDONTWRITEBYTECODE=1 \
    HF_HUB_OFFLINE=1 \
    WENJU_INDEX=/srv/wenju/index \
    WENJU_INSECURE=true \
    WENJU_PORT=8000
WORKDIR /srv/wenju
USER 10001
EXPOSE 8000
# http.client rather than a proxy-aware opener: a proxy set for the container must not see this.
HEALTHCHECK --interval=15s --timeout=4s --start-period=30s --retries=3 CMD ["python", "-c", "import http.client as h, os, sys; c = h.HTTPConnection('127.0.0.1', int(os.environ['WENJU_PORT']), timeout=3); c.request('GET', '/health/live'); sys.exit(c.getresponse().status != 200)"]
CMD ["wenju", "serve", "--host", "0.0.0.0"]
