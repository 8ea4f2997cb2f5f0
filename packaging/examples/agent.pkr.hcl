# Packer: add these provisioners to the build of your base image. The image has no key of an agent: each clone makes its
# own at the first start.
build {
  sources = ["source.qemu.base"]

  # The relay's password is in the executable: nobody else on the machine may read it meanwhile.
  provisioner "shell" {
    inline = ["install -d -m 0700 /tmp/mig-agent"]
  }

  provisioner "file" {
    source      = "dist/production/mig-agent-linux-x64"
    destination = "/tmp/mig-agent/mig-agent"
  }

  provisioner "file" {
    source      = "dist/production/manifest.json"
    destination = "/tmp/mig-agent/manifest.json"
  }

  provisioner "shell" {
    execute_command = "sudo sh -eu {{ .Path }}"
    inline = [
      "chmod 0700 /tmp/mig-agent/mig-agent",
      "/tmp/mig-agent/mig-agent verify /tmp/mig-agent/manifest.json",
      "/tmp/mig-agent/mig-agent install",
      "rm -rf /tmp/mig-agent /var/lib/mig-agent",
      "truncate -s 0 /etc/machine-id",
    ]
  }
}
