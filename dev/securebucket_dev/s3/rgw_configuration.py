"""What Ceph is told: one monitor, one store in memory, one gateway, everything on 127.0.0.1."""

from pathlib import Path

CEPH_CONF = """\
[global]
fsid = {fsid}
mon_host = [v2:127.0.0.1:{mon_port}]
mon_data = {folder}/mon
osd_data = {folder}/osd
rgw_data = {folder}/rgw
run_dir = {folder}
log_file =
log_to_stderr = true
err_to_stderr = true
mon_cluster_log_to_file = false
mon_cluster_log_to_stderr = false
admin_socket =
pid_file =
crash_dir = {folder}/crash

public_addr = 127.0.0.1
cluster_addr = 127.0.0.1
ms_bind_msgr1 = false
auth_cluster_required = none
auth_service_required = none
auth_client_required = none
auth_allow_insecure_global_id_reclaim = true
# Without authentication there is no key to encrypt with, and the gateway insists on "secure" by itself: it would hang.
ms_mon_client_mode = crc
ms_mon_cluster_mode = crc
ms_mon_service_mode = crc

osd_objectstore = memstore
memstore_device_bytes = 4294967296
osd_class_dir = {libraries}/rados-classes
erasure_code_dir = {libraries}/ceph/erasure-code
osd_pool_default_size = 1
osd_pool_default_min_size = 1
osd_pool_default_pg_num = 1
osd_pool_default_pgp_num = 1
osd_pool_default_pg_autoscale_mode = off
osd_crush_chooseleaf_type = 0
mon_allow_pool_size_one = true
mon_max_pg_per_osd = 1000
mon_data_avail_warn = 1
mon_data_avail_crit = 1
# A monitor collects changes for a second before it agrees on them: alone, it need not wait for others.
paxos_propose_interval = 0.05
paxos_min_wait = 0.01
osd_op_num_shards = 1
osd_op_num_threads_per_shard = 2

[client.rgw]
# A request that came before its pool was ready is sent again after this long, not after 5 s.
objecter_tick_interval = 0.2
# Without tcp_nodelay every call takes 44 ms: the answer waits for the client's delayed ACK.
rgw_frontends = beast endpoint=127.0.0.1:{port} tcp_nodelay=1
rgw_thread_pool_size = 32
rgw_run_sync_thread = false
rgw_enable_quota_threads = false
rgw_crypt_require_ssl = false
"""


def ceph_configuration(folder: Path, fsid: str, mon_port: int, port: int, libraries: Path) -> str:
    """The text of ceph.conf.

    Args:
        folder: where all data go.
        fsid: the UUID of the cluster.
        mon_port: the monitor's port.
        port: the port of S3.
        libraries: where Ceph's plug-ins are, e.g. `/usr/lib/x86_64-linux-gnu`. Absolute: some builds have a relative
            path compiled in, and then every bucket operation answers EOPNOTSUPP.
    """
    return CEPH_CONF.format(folder=folder, fsid=fsid, mon_port=mon_port, port=port, libraries=libraries)
