# app2, an application server of www.foobar.com, written by `tiertop lab up`.
import ctypes
import os
import signal

bind = "127.77.7.32:8000"
wsgi_app = "application:application"
chdir = "/run/user/1000/tiertop-lab-golden/app2"
worker_tmp_dir = "/run/user/1000/tiertop-lab-golden/app2"
proc_name = "app2"

# Threads wait, they do not work: one process is enough for a demo.
workers = 1
worker_class = "gthread"
threads = 16

# Longer than the load balancers keep an idle connection: they close it, never this side.
keepalive = 75
timeout = 30
graceful_timeout = 1

accesslog = None
errorlog = "-"
loglevel = "warning"


def post_worker_init(worker):
    """The worker ends with its arbiter, also when that is killed."""
    pr_set_pdeathsig = 1
    ctypes.CDLL(None).prctl(pr_set_pdeathsig, signal.SIGKILL)
    if os.getppid() != worker.ppid:
        os._exit(1)
